import type { Signals } from '#signals/read-signals';

/** One thing found wrong; `of` tells it from others of the same rule. */
export interface Found {
  readonly of?: string;
  readonly summary: string;
}

export interface Rule {
  /** Also of its section in docs/runbook.md. */
  readonly name: string;
  readonly severity: 'page' | 'ticket';
  /** How long it must last, in seconds. */
  readonly forS?: number;
  readonly find: (signals: Signals) => readonly Found[];
}

export function when(isWrong: boolean, summary: string): readonly Found[] {
  return isWrong ? [{ summary }] : [];
}

/** Where the runbook says what to do about an alert: each has a section that bears its name. */
export function runbookOf(name: string): string {
  return `docs/runbook.md#${name.toLowerCase()}`;
}
