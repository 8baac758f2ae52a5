/**
 * Whether a JSON value nests more than `max` lists and objects. Stops at the first one that is too deep, so its
 * recursion is bounded by `max`.
 */
export function isDeeperThan(max: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (max === 0) return true;
  const inner = max - 1;
  if (Array.isArray(value)) return value.some((each) => isDeeperThan(inner, each));
  for (const key in value) {
    const member = (value as Readonly<Record<string, unknown>>)[key];
    if (typeof member === 'object' && isDeeperThan(inner, member)) return true;
  }
  return false;
}
