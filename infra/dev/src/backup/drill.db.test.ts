import { execFile } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readBackupState } from '@liventix/domain/backups/repository';
import { auditBooks } from '@liventix/domain/books/repository';
import { migrateDatabase } from '@liventix/migrations/migrate';
import { connectDatabase, type Database } from '@liventix/shared/db';
import { waitFor } from '@liventix/shared/testing/wait';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findPostgres, type PostgresHome } from '#postgres/binaries';
import { postgresUrl } from '#postgres/postgres';
import { type Backing, startBacking } from '#stack/backing';
import { root } from '#stack/places';
import { partsOf, prune } from './places.ts';
import { restoreBackup } from './restore.ts';
import { takeBackup } from './take.ts';

const sample = readFileSync(join(root, 'packages/domain/src/books/sample-books.sql'), 'utf8');

let folder: string;
let backups: string;
let home: PostgresHome;
let backing: Backing;
let db: Database;
const moments: { backedUp?: Date; before?: Date; after?: Date } = {};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'liventix-drill-'));
  chmodSync(folder, 0o755);
  backups = join(folder, 'backups');
  backing = await startBacking({ folder, fsync: false, say: () => undefined });
  home = await findPostgres({ stateDir: folder, checkoutId: 'drill' });
  await migrateDatabase(backing.databaseUrl);
  db = connectDatabase({ url: backing.databaseUrl, poolMax: 4 });
  await db.inTransaction(async (tx) => await tx.raw(sample));
  await db.pool.raw('create table notes (n integer primary key)');
  await liveADay();
}, 120_000);
afterAll(async () => {
  await db[Symbol.asyncDispose]();
  await backing.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A backup while somebody writes; then more is written, a mistake is made, and more is written. */
async function liveADay(): Promise<void> {
  let next = 0;
  let isWriting = true;
  const writing = (async () => {
    while (isWriting) {
      next += 1;
      await db.pool.raw('insert into notes values (:next)', { next });
    }
  })();
  await waitFor(async () => next > 10, { what: 'somebody to write' });
  await takeBackup({ databaseUrl: backing.databaseUrl, folder: backups });
  isWriting = false;
  await writing;
  await note('backedUp');
  await db.pool.raw(`update orders set buyer_name = 'After the backup'`);
  await note('before');
  await db.pool.raw(`update orders set buyer_name = 'The mistake'`);
  await db.pool.raw('delete from notes');
  await note('after');
  await archiveAll();
}

/** The server's own clock, with a commit on either side that recovery can tell apart. */
async function note(name: keyof typeof moments): Promise<void> {
  await db.pool.raw('insert into notes select coalesce(max(n), 0) + 1 from notes');
  const { rows } = await db.pool.raw('select clock_timestamp() as now');
  moments[name] = rows[0].now;
  await db.pool.raw('select pg_sleep(0.01)');
}

async function archiveAll(): Promise<void> {
  const { rows } = await db.pool.raw('select pg_walfile_name(pg_switch_wal()) as wal');
  await waitFor(async () => readdirSync(partsOf(backups).wal).includes(rows[0].wal), {
    what: `${rows[0].wal} to be archived`,
    timeoutMs: 60_000,
  });
}

let restores = 0;

async function restoreTo(to: Date | 'latest') {
  restores += 1;
  const into = join(folder, `restored-${restores}`);
  return await restoreBackup({ home, folder: backups, to, into, say: () => undefined });
}

async function namesIn(port: number): Promise<string[]> {
  await using restored = connectDatabase({ url: postgresUrl(port, 'postgres'), poolMax: 1 });
  const { rows } = await restored.pool.raw(
    'select distinct buyer_name as name from orders where buyer_name is not null',
  );
  return rows.map((row: { name: string }) => row.name);
}

describe('the drill', { timeout: 120_000 }, () => {
  test('what a mistake took is there again, to the moment before it, and the books hold', async () => {
    await using restored = await restoreTo(moments.before ?? new Date());
    expect(await namesIn(restored.port)).toEqual(['After the backup']);
    await using books = connectDatabase({
      url: postgresUrl(restored.port, 'postgres'),
      poolMax: 2,
    });
    const broken: string[] = [];
    for await (const { kind, invariant } of auditBooks(books)) {
      if (kind !== 'held') {
        broken.push(invariant.name);
      }
    }
    expect(broken).toEqual([]);
    const { rows } = await books.pool.raw('select count(*)::int as all, max(n) as last from notes');
    expect(rows[0].all).toBe(rows[0].last);
    expect(rows[0].all).toBeGreaterThan(10);
    await books.pool.raw(`update orders set buyer_name = 'It sells again'`);
  });

  test('the latest moment has the mistake too', async () => {
    await using restored = await restoreTo('latest');
    expect(await namesIn(restored.port)).toEqual(['The mistake']);
  });

  test('a moment before every backup, or after all WAL, is refused with what there is', async () => {
    await expect(restoreTo(new Date('2020-01-01T00:00:00Z'))).rejects.toThrow(
      /No backup ended before 2020-01-01.* There are those of /,
    );
    const later = new Date(Date.now() + 3_600_000);
    await expect(restoreTo(later)).rejects.toThrow('could not restore to that moment');
  });

  test('nothing is written over', async () => {
    const into = join(folder, 'restored-1');
    const options = { home, folder: backups, to: 'latest', into, say: () => undefined } as const;
    await expect(restoreBackup(options)).rejects.toThrow('is not empty');
  });
});

describe('a backup', { timeout: 120_000 }, () => {
  test('that died half way is none', async () => {
    const { base } = partsOf(backups);
    const sound = readdirSync(base).filter((name) => !name.startsWith('.'));
    const dying = takeBackup({ databaseUrl: backing.databaseUrl, folder: backups });
    await waitFor(async () => readdirSync(base).some((name) => name.startsWith('.new-')), {
      what: 'a draft',
    });
    await db.pool.raw(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where pid <> pg_backend_pid() and query like '%pg_backup_start%'`,
    );
    await expect(dying).rejects.toThrow();
    expect(readdirSync(base).filter((name) => !name.startsWith('.'))).toEqual(sound);
    await using restored = await restoreTo('latest');
    expect(await namesIn(restored.port)).toEqual(['The mistake']);
  });

  test('is pruned when there are newer ones, with the WAL that it alone needed', async () => {
    await takeBackup({ databaseUrl: backing.databaseUrl, folder: backups });
    const before = readdirSync(partsOf(backups).wal).length;
    expect(prune(backups, 1)).toHaveLength(1);
    expect(readdirSync(partsOf(backups).wal).length).toBeLessThan(before);
    await archiveAll();
    await using restored = await restoreTo('latest');
    expect(await namesIn(restored.port)).toEqual(['The mistake']);
  });

  test('takes the place of drafts of runs that died, and stands beside no other that runs', async () => {
    const { base } = partsOf(backups);
    mkdirSync(join(base, '.new-4711'));
    const { manifest } = await takeBackup({ databaseUrl: backing.databaseUrl, folder: backups });
    expect(readdirSync(base).filter((name) => name.startsWith('.'))).toEqual([]);
    const { rows } = await db.pool.raw(
      `select setting::int as bytes from pg_settings where name = 'wal_segment_size'`,
    );
    expect(manifest.walSegmentBytes).toBe(rows[0].bytes);
    await db.inTransaction(async (tx) => {
      await tx.raw(`select pg_advisory_xact_lock(hashtext('liventix/backup'))`);
      await expect(take()).rejects.toThrow('Another backup of this server runs');
    });
  });

  test('with a segment that is missing, or a file that was touched, is refused before anything is written', async () => {
    const { base, wal } = partsOf(backups);
    const name = readdirSync(base).toSorted().at(-1) ?? expect.fail('no backup');
    const manifest = JSON.parse(readFileSync(join(base, name, 'manifest.json'), 'utf8'));
    const segment = join(wal, manifest.startWal);
    const bytes = readFileSync(segment);
    rmSync(segment);
    await expect(restoreTo('latest')).rejects.toThrow(`WAL is missing: ${manifest.startWal}`);
    appendFileSync(segment, bytes);
    appendFileSync(join(base, name, 'data', 'PG_VERSION'), ' ');
    await expect(restoreTo('latest')).rejects.toThrow('is not as it was written: PG_VERSION');
  });
});

async function take(folder = backups): Promise<unknown> {
  return await takeBackup({
    databaseUrl: backing.databaseUrl,
    folder,
    archivedWithinMs: 3_000,
  });
}

describe('a backup that can be none says so, and what to do', { timeout: 120_000 }, () => {
  test('where archiving fails, it does not hang', async () => {
    const { base, wal } = partsOf(backups);
    const sound = readdirSync(base);
    // The next segment is there already, with something else in it: it is never written over.
    const { rows } = await db.pool.raw(
      'select pg_walfile_name(pg_current_wal_insert_lsn()) as wal',
    );
    const segment = join(wal, rows[0].wal);
    writeFileSync(segment, 'of somebody else');
    await expect(take()).rejects.toThrow(/was not archived in time: archive_command has failed/);
    expect(readdirSync(base)).toEqual(sound);
    expect((await readBackupState(db.pool)).archiveFailingSeconds).toBeGreaterThan(0);
    rmSync(segment);
    // A segment that is ended wakes the archiver, which otherwise tries again after a minute.
    await note('after');
    await archiveAll();
    expect((await readBackupState(db.pool)).archiveFailingSeconds).toBe(0);
    await take();
  });

  test('where Postgres cannot write, before its WAL collects', async () => {
    const closed = join(folder, 'closed');
    mkdirSync(join(closed, 'wal'), { recursive: true });
    chmodSync(join(closed, 'wal'), 0o500);
    await expect(take(closed)).rejects.toThrow(`Postgres cannot write into ${closed}/wal`);
    const { rows } = await db.pool.raw(`select current_setting('archive_command') as command`);
    expect(rows[0].command).toContain(backups);
  });

  test('where a shell would read the folder as something else', async () => {
    await expect(take(`${folder}/$(touch ${folder}/gone)`)).rejects.toThrow('must be a whole path');
    await expect(take('backups')).rejects.toThrow('must be a whole path');
  });

  test('where data is in tablespaces', async () => {
    const client = new pg.Client({ connectionString: backing.databaseUrl });
    await client.connect();
    await client.query('set allow_in_place_tablespaces = on');
    await client.query(`create tablespace attic location ''`);
    await client.end();
    await expect(take()).rejects.toThrow('in tablespaces of its own (attic)');
    await db.pool.raw('drop tablespace attic');
    await take();
  });

  // Who is not root cannot start a process of somebody else's: then all of the above ran as that user.
  test.runIf(process.getuid?.() === 0)(
    "is one as well when the server's own user takes it",
    async () => {
      const own = join(folder, 'own');
      mkdirSync(own);
      const { uid = 0, gid = 0 } = home.user ?? {};
      chownSync(own, uid, gid);
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [join(root, 'infra/dev/src/main.ts'), 'backup', '--json', '--folder', own],
        { uid, gid, cwd: '/', env: { PATH: '/usr/bin:/bin', DATABASE_URL: backing.databaseUrl } },
      );
      const { base } = JSON.parse(stdout);
      expect(statSync(join(base, 'manifest.json')).uid).toBe(uid);
      expect(readdirSync(partsOf(own).wal).length).toBeGreaterThan(0);
    },
  );
});
