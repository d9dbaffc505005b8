import { backup } from '#commands/backup';
import { readEnvironment } from '#config';

/** What a container runs beside its database: a backup now and then, by its environment. */
const { BACKUP_FOLDER, BACKUP_EVERY, BACKUP_KEEP } = readEnvironment();
await backup({
  folder: BACKUP_FOLDER,
  every: BACKUP_EVERY,
  keep: BACKUP_KEEP,
  json: true,
});
