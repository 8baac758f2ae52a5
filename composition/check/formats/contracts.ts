import type { Finding } from '../finding.ts';

/** In which contracts something is found, such as `also in the contracts partner, public`; `undefined` for none. */
export function contractsInWords({
  alsoIn,
  onlyIn,
}: Pick<Finding, 'alsoIn' | 'onlyIn'>): string | undefined {
  if (onlyIn) return `only in ${named(onlyIn)}`;
  return alsoIn && `also in ${named(alsoIn)}`;
}

/** What a finding is about, and in which contract where it is of contracts alone. */
export function aboutOf({ coordinate, onlyIn }: Finding): string | undefined {
  if (!onlyIn) return coordinate;
  return coordinate === undefined ? named(onlyIn) : `${coordinate} (${named(onlyIn)})`;
}

function named(names: readonly string[]): string {
  return `the contract${names.length === 1 ? '' : 's'} ${names.join(', ')}`;
}
