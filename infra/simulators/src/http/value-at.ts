/**
 * What a request held at the place of a fault. A schema's own issue tells it after coercion at
 * best, where something missing and something wrong look alike.
 */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (held, key) => (typeof held === 'object' && held !== null ? Reflect.get(held, key) : undefined),
    value,
  );
}
