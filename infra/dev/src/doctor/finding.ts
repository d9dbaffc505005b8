/** What one check found, and what to do about it. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'failed' | 'skipped';
  readonly found: string;
  /** Absent when there is nothing to do. */
  readonly remedy?: string;
}

export function ok(check: string, found: string): Finding {
  return { check, state: 'ok', found };
}

export function skipped(check: string, found: string): Finding {
  return { check, state: 'skipped', found };
}

export function warning(check: string, found: string, remedy: string): Finding {
  return { check, state: 'warning', found, remedy };
}

export function failed(check: string, found: string, remedy: string): Finding {
  return { check, state: 'failed', found, remedy };
}

/** The reason of an error in one line. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n').join(' ');
}
