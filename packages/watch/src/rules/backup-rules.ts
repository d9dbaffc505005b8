import { type Rule, when } from './rule.ts';

const hours = (seconds: number) => `${Math.round(seconds / 360) / 10} h`;

/** What would be lost with the machine. Where backups are somebody else's, none of these says a word. */
export const backupRules: readonly Rule[] = [
  {
    name: 'BackupLate',
    severity: 'ticket',
    find: ({ backups: { ageSeconds, dueSeconds, failuresSince } }) =>
      when(
        ageSeconds !== null && ageSeconds > dueSeconds,
        `The last backup is ${hours(ageSeconds ?? 0)} old, and ${failuresSince} have failed since.`,
      ),
  },
  {
    name: 'ArchivingFails',
    severity: 'page',
    forS: 120,
    find: ({ backups: { archiveFailingSeconds: seconds } }) =>
      when(
        seconds > 0,
        `Postgres cannot archive its WAL, the last time it could was ${hours(seconds)} ago: it collects until the disk is full.`,
      ),
  },
];
