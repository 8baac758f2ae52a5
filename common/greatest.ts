/**
 * The greatest of some numbers and `least`. Works for any count, unlike Math.max: a function takes about 100,000
 * arguments.
 */
export function greatest(numbers: Iterable<number>, least: number): number {
  let found = least;
  for (const number of numbers) if (number > found) found = number;
  return found;
}
