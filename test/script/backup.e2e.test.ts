import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Backing, startBacking } from '@liventix/dev/backing';
import { findPostgres } from '@liventix/dev/postgres';
import { restoreBackup } from '@liventix/dev/restore';
import { readBackupState } from '@liventix/domain/backups/repository';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { inheritedEnvironment } from '#support/config';
import { buy, refund, refundsBecome } from '#support/refunds';
import { count, sellEvent, startWorld, type World } from '#support/world';

// Whole servers are copied and started: it bounds a failing test on a machine that is busy.
vi.setConfig({ testTimeout: 300_000 });

const script = join(import.meta.dirname, '..', '..', 'liventix');

let folder: string;
let backups: string;
let backing: Backing;
let world: World;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'liventix-backup-'));
  chmodSync(folder, 0o755);
  backups = join(folder, 'backups');
  backing = await startBacking({ folder, fsync: false, say: () => undefined });
  world = await startWorld({ databaseUrl: backing.databaseUrl });
  const order = await buy(world, await sellEvent(world));
  await refund(world, order, { tickets: order.ticketIds.slice(0, 1) });
  await refundsBecome(world, order, ['succeeded']);
  const open = `from outbox where done_at is null and dead_at is null`;
  await waitFor(async () => (await count(world, open)) === 0, {
    what: 'all messages to be done',
    timeoutMs: 120_000,
  });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await backing.stop();
  rmSync(folder, { recursive: true, force: true });
});

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) {
    child.kill('SIGTERM');
  }
});

function start(
  args: readonly string[],
  env: Readonly<Record<string, string>> = { DATABASE_URL: world.stack.databaseUrl },
) {
  const child = spawn(script, args, {
    cwd: folder,
    env: { ...inheritedEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  return child;
}

async function run(
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const child = start(args, env);
  const [out, err] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code: child.exitCode, out, err };
}

/** A pg_dump that says of which version it is, and writes down how it was called. */
function pgDumpOf(version: string): Readonly<Record<string, string>> {
  const bin = join(folder, `pg_dump-${version}`);
  mkdirSync(bin, { recursive: true });
  const said = `pg_dump (PostgreSQL) ${version}`;
  writeFileSync(
    join(bin, 'pg_dump'),
    `#!/bin/sh\n[ "$1" = --version ] && { echo '${said}'; exit; }\nfor last; do :; done\necho "$PGDATABASE $*" >"\${last#--file=}"\n`,
    { mode: 0o755 },
  );
  const { PATH } = inheritedEnvironment();
  return { DATABASE_URL: world.stack.databaseUrl, PATH: [bin, PATH].join(delimiter) };
}

const databaseName = () => new URL(world.stack.databaseUrl).pathname.slice(1);

test('what was sold and refunded comes back, and ./liventix verify finds nothing wrong with it', async () => {
  const taken = await run(['backup', '--json', '--folder', 'backups']);
  expect(taken).toMatchObject({ code: 0 });
  expect(JSON.parse(taken.out)).toMatchObject({ folder: backups, pruned: [] });
  expect(await readBackupState(world.db.pool)).toMatchObject({
    ageSeconds: expect.any(Number),
    failuresSince: 0,
  });
  await using restored = await restoreBackup({
    home: await findPostgres({ stateDir: folder, checkoutId: 'backup' }),
    folder: backups,
    to: 'latest',
    into: join(folder, 'restored'),
    say: () => undefined,
  });
  const there = new URL(world.stack.databaseUrl);
  there.port = String(restored.port);
  const proof = await run(['verify', '--json'], { DATABASE_URL: there.href });
  expect(proof.code).toBe(0);
  expect(JSON.parse(proof.out)).toMatchObject({
    sound: true,
    snapshot: {
      orders_paid: 1,
      money: [{ currency: 'eur', revenue_cents: 5_000, refunded_cents: 2_500 }],
    },
  });
});

test('restore proves the books of what came back, and exits 1 for what it cannot restore', async () => {
  const into = join(folder, 'again');
  const restored = await run([
    'restore',
    '--folder',
    backups,
    '--into',
    into,
    '--database',
    databaseName(),
  ]);
  expect(restored).toMatchObject({
    code: 0,
    out: expect.stringContaining('Every rule of the books holds'),
  });
  expect(existsSync(join(into, 'PG_VERSION'))).toBe(true);
  const [again, never] = [
    await run(['restore', '--folder', backups, '--into', into]),
    await run([
      'restore',
      '--folder',
      backups,
      '--into',
      `${into}-2`,
      '--to',
      '2020-01-01T00:00:00Z',
    ]),
  ];
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining('is not empty') });
  expect(never).toMatchObject({ code: 1, err: expect.stringContaining('No backup ended before') });
});

test('--keep leaves so many, and says which went', async () => {
  const { code, out } = await run(['backup', '--keep', '1', '--json', '--folder', backups]);
  expect(code).toBe(0);
  const { base, pruned } = JSON.parse(out);
  expect(pruned).toHaveLength(1);
  expect(existsSync(join(backups, 'base', pruned[0]))).toBe(false);
  expect(existsSync(join(base, 'manifest.json'))).toBe(true);
});

describe('a backup that fails', () => {
  const nowhere = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' };

  test('exits 1 when it was to be the only one, and says why', async () => {
    const ended = await run(['backup', '--json', '--folder', backups], nowhere);
    expect(ended.code).toBe(1);
    expect(JSON.parse(ended.out).error).toContain('ECONNREFUSED');
    for (const wrong of [
      ['--every', 'often'],
      ['--every', '0h'],
      ['--keep', 'none'],
    ]) {
      expect((await run(['backup', ...wrong])).code, wrong.join(' ')).toBe(1);
    }
  });

  test('ends nothing with --every: the next try follows soon', async () => {
    const child = start(['backup', '--every', '6h', '--folder', backups], nowhere);
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said += chunk;
    });
    await waitFor(async () => said.includes('The next try in 1 minutes'), {
      what: 'the next try to be told',
    });
    expect(said).toContain('The backup failed: ');
    expect(child.exitCode).toBeNull();
  });

  test('is written down, so that somebody hears of it', async () => {
    const held = `select pg_advisory_xact_lock(hashtext('liventix/backup'))`;
    const ended = await world.db.inTransaction(async (tx) => {
      await tx.raw(`set local idle_in_transaction_session_timeout = 0; ${held}`);
      return await run(['backup', '--folder', backups]);
    });
    expect(ended).toMatchObject({ code: 1, err: expect.stringContaining('Another backup') });
    expect(await readBackupState(world.db.pool)).toMatchObject({ failuresSince: 1 });
  });
});

test('what the compose file runs takes a backup by its environment, and waits for the next', async () => {
  const main = join(import.meta.dirname, '..', '..', 'infra', 'dev', 'src', 'backup', 'main.ts');
  const { PATH } = inheritedEnvironment();
  const env = { PATH, DATABASE_URL: world.stack.databaseUrl, BACKUP_FOLDER: backups };
  const child = spawn(process.execPath, [main], {
    cwd: '/',
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const [line] = await once(child.stdout, 'data');
  expect(JSON.parse(String(line))).toMatchObject({ folder: backups });
  await waitFor(async () => said.includes('The next one in 360 minutes'), {
    what: 'the next one to be told',
  });
  expect(child.exitCode).toBeNull();
});

describe('a dump', () => {
  test('needs a pg_dump as new as the server, and says which is missing', async () => {
    const ended = await run(['backup', '--dump', '--folder', backups], pgDumpOf('15.13'));
    expect(ended.code).toBe(1);
    expect(ended.err).toMatch(
      /a pg_dump of version \d+ or newer must be on PATH; the one that is there is 15/,
    );
  });

  test('is whole or not there, of the database that was named, and old ones go', async () => {
    const dump = async () =>
      await run(
        ['backup', '--dump', '--keep', '1', '--json', '--folder', backups],
        pgDumpOf('99.0'),
      );
    const [first, second] = [await dump(), await dump()];
    const { dump: file, pruned } = JSON.parse(second.out);
    expect(readFileSync(file, 'utf8')).toContain(`${databaseName()} --format=custom`);
    expect(JSON.parse(first.out).dump).toContain(pruned[0]);
    expect(existsSync(JSON.parse(first.out).dump)).toBe(false);
  });
});
