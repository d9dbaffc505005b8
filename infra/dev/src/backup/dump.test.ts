import { expect, test } from 'vitest';
import { connectionOf, decideDump, majorIn } from './dump.ts';

test('versions are read as clients and servers say them', () => {
  expect(majorIn('pg_dump (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)')).toBe(15);
  expect(majorIn('18.1')).toBe(18);
  expect(majorIn('pg_dump (PostgreSQL) 19beta2')).toBe(19);
  expect(majorIn('no version at all')).toBeUndefined();
});

test.for([
  ['pg_dump (PostgreSQL) 18.0', '18.3', 'use'],
  ['pg_dump (PostgreSQL) 19.1', '18.3', 'use'],
  ['pg_dump (PostgreSQL) 15.13', '18.3', 'missing'],
  ['what is this', '18.3', 'missing'],
  [undefined, '18.3', 'missing'],
] as const)('a client that says %s for a server of %s: %s', ([client, server, kind]) => {
  expect(decideDump(client, server).kind).toBe(kind);
});

test('what is missing is said: the version that is needed, and that which is there', () => {
  expect(decideDump('pg_dump (PostgreSQL) 15.13', '18.3')).toMatchObject({
    why: expect.stringMatching(
      /is PostgreSQL 18\.3.*version 18 or newer.*the one that is there is 15/,
    ),
  });
  expect(decideDump(undefined, '18.3')).toMatchObject({
    why: expect.stringContaining('there is none'),
  });
});

test('a connection goes by the environment, its password decoded', () => {
  expect(connectionOf('postgres://a%40b:p%2Fw@db.example:6432/books?sslmode=require')).toEqual({
    PGHOST: 'db.example',
    PGPORT: '6432',
    PGUSER: 'a@b',
    PGPASSWORD: 'p/w',
    PGDATABASE: 'books',
    PGSSLMODE: 'require',
  });
});
