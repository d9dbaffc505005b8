import { inheritedEnvironment } from '#config';
import { examine } from '#doctor/examine';
import type { Finding } from '#doctor/finding';
import { print } from './terminal.ts';

const marks: Readonly<Record<Finding['state'], string>> = {
  ok: 'ok     ',
  warning: 'warning',
  failed: 'FAILED ',
  skipped: 'skipped',
};

/** Looks at the deployment that the environment describes. Exits 1 when something failed. */
export async function doctor(options: { readonly json?: boolean }): Promise<void> {
  const findings = await examine(inheritedEnvironment());
  if (options.json === true) {
    print(JSON.stringify(findings));
  } else {
    for (const { check, state, found, remedy } of findings) {
      print(
        `${marks[state]}  ${check}: ${found}${remedy === undefined ? '' : `\n         → ${remedy}`}`,
      );
    }
  }
  process.exitCode = findings.some(({ state }) => state === 'failed') ? 1 : 0;
}
