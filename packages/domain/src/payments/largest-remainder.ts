/**
 * Shares a whole number out in proportion to weights, by largest remainder: every share is its
 * exact part rounded down or up, and they add up to the number. Equal remainders go by position, so
 * that the same order is always priced the same. BigInt, since an amount times a line may pass 2^53.
 */
export function allot(amount: number, weights: readonly number[]): number[] {
  const sum = BigInt(weights.reduce((total, weight) => total + weight, 0));
  if (sum === 0n) {
    return weights.map(() => 0);
  }
  const parts = weights.map((weight, at) => {
    const exact = BigInt(amount) * BigInt(weight);
    return { at, whole: Number(exact / sum), remainder: exact % sum };
  });
  const left = amount - parts.reduce((total, part) => total + part.whole, 0);
  const rounded = new Set(
    parts
      .toSorted((a, b) => Number(b.remainder - a.remainder) || a.at - b.at)
      .slice(0, left)
      .map((part) => part.at),
  );
  return parts.map(({ at, whole }) => whole + (rounded.has(at) ? 1 : 0));
}
