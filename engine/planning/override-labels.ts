/** The labels of progressive `@override` that are active for one request. */
export type ActiveLabels = ReadonlySet<string>;

/** The n of a label `percent(n)`, from 0 to 100; `undefined` for any other label. */
export function percentOf(label: string): number | undefined {
  const [, digits] = /^percent\((\d{1,2}(?:\.\d{1,8})?|100)\)$/.exec(label) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * Decides which labels are active: `percent(n)` in n of 100 requests, with a single draw for all of them; other labels
 * when they are in `chosen`. `random` returns a number in [0, 1).
 */
export function activeLabels(
  labels: readonly string[],
  chosen: Iterable<string>,
  random: () => number,
): ActiveLabels {
  if (labels.length === 0) return none;
  const wanted = new Set(chosen);
  const draw = random() * 100;
  return new Set(
    labels.filter((label) => {
      const percent = percentOf(label);
      return percent === undefined ? wanted.has(label) : draw < percent;
    }),
  );
}

const none: ActiveLabels = new Set();
