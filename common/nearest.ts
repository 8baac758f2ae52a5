/** Only the start of longer texts is compared, because input may have any length. */
const comparedMax = 100;

/**
 * The candidate that a mistyped text most likely means: one that starts with it, or else the one with the fewest
 * changes.
 */
export function nearest(text: string, candidates: Iterable<string>): string | undefined {
  const typed = comparable(text);
  let best: string | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const other = comparable(candidate);
    const isBegun = typed !== '' && other.startsWith(typed);
    // The difference in length is a lower bound of the changes; it rules out most candidates.
    if (!isBegun && Math.abs(typed.length - other.length) >= fewest) continue;
    const changes = isBegun ? 0.5 : changesBetween(typed, other, fewest);
    if (changes >= fewest) continue;
    best = candidate;
    fewest = changes;
  }
  return best;
}

/** The nearest candidate within a number of changes. */
export function nearestWithin(
  text: string,
  candidates: Iterable<string>,
  changesMax: (candidate: string) => number,
): string | undefined {
  const typed = comparable(text);
  const isNear = (candidate: string): boolean => {
    const other = comparable(candidate);
    const most = changesMax(candidate);
    return (
      Math.abs(typed.length - other.length) <= most && changesBetween(typed, other, most) <= most
    );
  };
  return nearest(text, [...candidates].filter(isNear));
}

function comparable(text: string): string {
  return text.slice(0, comparedMax).toLowerCase();
}

/**
 * The number of characters omitted, added, changed, or swapped with their neighbour (optimal string alignment
 * distance); infinite when there are more than `most`.
 */
function changesBetween(one: string, other: string, most: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current.push(
        Math.min(
          (last[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (last[column - 1] ?? 0) + (same ? 0 : 1),
          row > 1 && column > 1 && swapped
            ? (beforeLast[column - 2] ?? 0) + 1
            : Number.POSITIVE_INFINITY,
        ),
      );
    }
    if ([...current, ...last].every((distance) => distance > most)) return Number.POSITIVE_INFINITY;
    beforeLast = last;
    last = current;
  }
  return last[other.length] ?? 0;
}
