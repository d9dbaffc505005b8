import { Command } from 'commander';
import { createAdmin, linkAdmin } from '#commands/admin';
import { backup } from '#commands/backup';
import { bench } from '#commands/bench';
import { runChecks } from '#commands/check';
import { clean } from '#commands/clean';
import { demo } from '#commands/demo';
import { doctor } from '#commands/doctor';
import { migrate } from '#commands/migrate';
import { restore } from '#commands/restore';
import { print } from '#commands/terminal';
import { test } from '#commands/test';
import { up } from '#commands/up';
import { verify } from '#commands/verify';

const program = new Command('liventix').description(
  'Sells tickets: the whole system on one machine.',
);

program
  .command('demo')
  .description('start everything and sell tickets before your eyes')
  .option('--once', 'sell one order, then stop')
  .option('--json', 'with --once: print one JSON line')
  .action(demo);
program
  .command('up')
  .description('start everything and stay; restart what dies')
  .option('--json', 'print one JSON line when all is ready')
  .option('--scale <services>', 'several of one: ticketing=3,checkout=2')
  .action(up);
program
  .command('test')
  .description('run everything that must pass')
  .option('--all', 'the long tests too')
  .action(test);
program
  .command('check')
  .description('format, lint, types and boundaries')
  .action(async () => {
    const outcomes = await runChecks();
    process.exitCode = outcomes.every((outcome) => outcome.passed) ? 0 : 1;
  });
program
  .command('doctor')
  .description('look at a deployment before going live: keys, webhooks, clock, Redis, schema, mail')
  .option('--json', 'print one JSON line')
  .action(doctor);
program
  .command('verify')
  .description('ask every rule of the books what breaks it: DATABASE_URL, or the stack that runs')
  .option('--json', 'print one JSON line')
  .option('--stripe', "compare payments and refunds with Stripe's books too")
  .option('--days <days>', 'with --stripe: how far back', '30')
  .option('--grace <seconds>', 'how long a thing may be under way', '900')
  .action(verify);
const admin = program
  .command('admin')
  .description('people who may log in: of DATABASE_URL, or of the stack that runs');
admin
  .command('create')
  .description('make an owner, who chooses a password by the link this prints')
  .requiredOption('--email <address>', 'their mail address')
  .option('--name <name>', 'what they are called')
  .option('--organization <slug>', 'whose owner; made when there is none', 'demo')
  .option('--json', 'print one JSON line')
  .action(createAdmin);
admin
  .command('link')
  .description('a link for somebody who is there: to choose a password anew')
  .requiredOption('--email <address>', 'their mail address')
  .option('--organization <slug>', 'where they are', 'demo')
  .option('--login', 'log in once instead, within 15 minutes')
  .option('--reset-code', 'take their second factor away: its device is lost')
  .option('--json', 'print one JSON line')
  .action(linkAdmin);
program
  .command('migrate')
  .description('apply migrations to DATABASE_URL')
  .action(async () => await migrate());
program
  .command('backup')
  .description(
    'back up the database of DATABASE_URL, or of the stack that runs, and archive its WAL',
  )
  .option('--folder <folder>', 'where to; by default beside the data')
  .option('--keep <number>', 'backups that stay', '7')
  .option('--every <time>', 'go on, every 6h or 30m, also after one that failed')
  .option('--dump', 'a logical dump by a pg_dump as new as the server, without WAL')
  .option('--json', 'print one JSON line')
  .action(backup);
program
  .command('restore')
  .description('restore the database to a moment, into a folder, and prove its books')
  .requiredOption('--folder <folder>', 'where the backups are')
  .requiredOption('--into <folder>', 'where the data goes: a folder that is not there yet')
  .option('--to <time>', 'latest, or a time: 2031-05-01T20:00:00Z', 'latest')
  .option('--database <name>', 'whose books are proved', 'liventix')
  .action(restore);
program
  .command('bench [name]')
  .description('run a benchmark, or list them')
  .option('--json', 'print one JSON line')
  .action(bench);
program
  .command('clean')
  .description('remove .liventix: data, logs, caches, toolchain')
  .action(() => clean());

try {
  await program.parseAsync();
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`liventix: ${reason}\n`);
  if (process.argv.includes('--json')) {
    print(JSON.stringify({ error: reason }));
  }
  process.exitCode = 1;
}
process.exit();
