import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrations } from '@liventix/domain/migrations';

/** A trigger's own statement, from the migration that the runbook says to take it from. */
export function statementThatMakes(trigger: string): string {
  const folder = fileURLToPath(migrations);
  const sql = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  const [statement] = new RegExp(`create trigger ${trigger}\\b[^;]*;`).exec(sql) ?? [];
  if (statement === undefined) {
    throw new Error(`no migration makes ${trigger}`);
  }
  return statement;
}
