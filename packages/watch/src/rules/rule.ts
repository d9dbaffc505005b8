import type { Signals } from '#signals/read-signals';

/** One thing found wrong; `of` tells it from others of the same rule. */
export interface Found {
  readonly of?: string;
  readonly summary: string;
}

export interface Rule {
  readonly name: string;
  readonly severity: 'page' | 'ticket';
  /** The section of docs/runbook.md. */
  readonly runbook: `#${string}`;
  /** How long it must last, in seconds. */
  readonly forS?: number;
  readonly find: (signals: Signals) => readonly Found[];
}

export function when(isWrong: boolean, summary: string): readonly Found[] {
  return isWrong ? [{ summary }] : [];
}
