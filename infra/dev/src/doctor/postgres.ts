import { auditBooks, loadInvariants } from '@liventix/domain/books/repository';
import { requiredSchema } from '@liventix/domain/migrations';
import { connectDatabase, type Database } from '@liventix/shared/db';
import { requireSchema } from '@liventix/shared/db/migrate';
import { z } from 'zod';
import { type Finding, failed, ok, reasonOf, warning } from './finding.ts';
import type { Patient } from './patient.ts';

const oldest = 150_000;
const skewMaxMs = 5_000;

const serverRow = z.object({ version: z.int(), now: z.date(), durable: z.string() });

/** Postgres: there, new enough, with our schema, durable, and agreeing with us on the time. */
export async function checkPostgres(patient: Patient): Promise<Finding[]> {
  const check = 'Postgres';
  if (patient.DATABASE_URL === undefined) {
    return [failed(check, 'DATABASE_URL is not set.', 'Set it to the address of the database.')];
  }
  await using db = connectDatabase({ url: patient.DATABASE_URL, poolMax: 1 });
  try {
    const askedMs = Date.now();
    const { rows } = await db.pool.raw(
      `select current_setting('server_version_num')::int as version, clock_timestamp() as now,
              current_setting('synchronous_commit') as durable`,
    );
    const server = serverRow.parse(rows[0]);
    return [
      server.version >= oldest
        ? ok(check, `Version ${Math.floor(server.version / 10_000)} answers.`)
        : failed(
            check,
            `Version ${Math.floor(server.version / 10_000)} is too old.`,
            'Use 15 or newer.',
          ),
      durability(server.durable),
      clock('clock against Postgres', server.now.getTime() - (askedMs + Date.now()) / 2),
      await schemaState(db.pool),
      await triggers(db),
    ];
  } catch (error) {
    const remedy = 'Check the address, the password and the network.';
    return [failed(check, `It does not answer: ${reasonOf(error)}`, remedy)];
  }
}

function durability(setting: string): Finding {
  const check = 'durable commits';
  return setting === 'off'
    ? failed(check, 'synchronous_commit is off: a paid order could be lost.', 'Set it to on.')
    : ok(check, `synchronous_commit is ${setting}.`);
}

async function schemaState(pool: Parameters<typeof requireSchema>[0]): Promise<Finding> {
  const check = 'schema';
  try {
    await requireSchema(pool, requiredSchema);
    return ok(check, `${requiredSchema} is applied.`);
  } catch (error) {
    return failed(check, reasonOf(error), 'Run ./liventix migrate.');
  }
}

/** Whether what guards and counts rows is there: a restore by hand may leave it out. */
async function triggers(db: Database): Promise<Finding> {
  const check = 'triggers';
  const invariants = loadInvariants().filter(({ name }) => name === 'triggers-are-there');
  for await (const { kind, violations, reason } of auditBooks(db, { invariants })) {
    const gone = violations.map(({ id, found }) => `${id} is ${String(found)}`).join(', ');
    const remedy = 'See "A trigger is gone" in docs/runbook.md.';
    return kind === 'held'
      ? ok(check, 'All are there.')
      : failed(check, gone || `They could not be looked at: ${reason ?? ''}`, remedy);
  }
  return failed(check, 'There is no rule about them.', 'Take a whole checkout of the sources.');
}

/** How far two clocks are apart, in milliseconds. Webhooks are refused past five minutes. */
export function clock(check: string, skewMs: number): Finding {
  const found = `${(Math.abs(skewMs) / 1_000).toFixed(1)} s apart.`;
  const remedy = 'Let NTP set the clock: past five minutes every webhook is refused.';
  return Math.abs(skewMs) > skewMaxMs ? warning(check, found, remedy) : ok(check, found);
}
