/**
 * Does work after a while, if the process still runs then. By then a test may have decided
 * otherwise: work that is refused is left undone.
 */
export function later(ms: number, work: () => unknown): void {
  setTimeout(() => {
    try {
      work();
    } catch {
      // The object has another state by now.
    }
  }, ms).unref();
}
