/*
 * A worker also polls and keeps its locks alive, at moments of its own, so the nth write of two runs
 * need not be the same write. What was to be hit is therefore taken from a run that was not killed,
 * and compared with what was hit.
 */

/** Said to Redis, in part by polls: a run may hold one more or less of each. */
function isPolled(said: string): boolean {
  return said.startsWith('*');
}

/** Not in every run: a thread's wake-up, a script sent in full once, a new connection to Postgres. */
function isIncidental(name: string): boolean {
  return name === '' || /^\*# \$# eval \$#/.test(name) || name.startsWith('user postgres');
}

/** A name for each write of a run: which of all equal ones it is, unless polls are among them. */
export function namesOf(run: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return run.map((said) => {
    const times = (seen.get(said) ?? 0) + 1;
    seen.set(said, times);
    return isPolled(said) || isIncidental(said) ? said : `${said} (${times})`;
  });
}

/** Those writes of an unharmed run at which no kill has fallen yet. */
export function unhitOf(unharmed: readonly string[], hit: ReadonlySet<string>): string[] {
  return [...new Set(unharmed)].filter((name) => !isIncidental(name) && !hit.has(name));
}

/** Tries at one write that was skipped, around its place in the run that was not killed. */
const offsets = [0, 1, -1, 2, -2, 3, -3];

/** Where to kill for a write that was not hit yet: another place at each try. */
export function placeOf(index: number, attempt: number): number {
  return Math.max(1, index + 1 + (offsets[attempt % offsets.length] ?? 0));
}
