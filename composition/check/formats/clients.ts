import type { AffectedOperation } from '../finding.ts';

/** Who sent an operation, such as `web 1.2 (340), ios (12)`, the most frequent first; empty when that is not known. */
export function clientsInWords({ clients }: AffectedOperation): string {
  return [...clients]
    .sort((left, right) => right.count - left.count)
    .map(({ name, version, count }) => {
      const client = version === undefined ? name : `${name} ${version}`;
      return `${client} (${count})`;
    })
    .join(', ');
}
