import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSecrets, writeSecrets } from './secrets.ts';

test('secrets are made once, and one that an older release did not have is added to its others', () => {
  const folder = mkdtempSync(join(tmpdir(), 'liventix-secrets-'));
  const made = readSecrets(folder);
  expect(readSecrets(folder)).toEqual(made);
  const { masterKeys: _later, ...older } = made;
  writeSecrets(folder, older as typeof made);
  const read = readSecrets(folder);
  expect(read).toMatchObject(older);
  expect(read.masterKeys).toMatch(/^m1:/);
  expect(readSecrets(folder)).toEqual(read);
  const file = join(folder, 'secrets.json');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(read);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});
