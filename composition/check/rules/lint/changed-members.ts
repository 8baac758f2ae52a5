import { apiChanges } from '../../api-rules.ts';
import type { Comparison } from '../../comparison.ts';
import { type Member, membersOf } from '../../members.ts';

/** What is new, and what says something else than before: lint looks at nothing else. */
export interface ChangedMembers {
  readonly added: readonly Member[];
  readonly changed: readonly Member[];
  /** The coordinates of fields that are new or return something else. */
  readonly retyped: ReadonlySet<string>;
}

/** Finds them among what clients see; once for all rules that ask. */
export function changedMembers(comparison: Comparison): ChangedMembers {
  const found = known.get(comparison) ?? findChanged(comparison);
  known.set(comparison, found);
  return found;
}

const known = new WeakMap<Comparison, ChangedMembers>();

function findChanged(comparison: Comparison): ChangedMembers {
  const { base, head } = comparison;
  const before = membersOf(base.api);
  const now = [...membersOf(head.api).values()];
  const changes = apiChanges(comparison).filter((change) => change.in === 'head');
  const touched = new Set(changes.map(({ coordinate }) => coordinate));
  const isAdded = ({ coordinate }: Member): boolean => !before.has(coordinate);
  return {
    added: now.filter(isAdded),
    changed: now.filter((member) => isAdded(member) || touched.has(member.coordinate)),
    retyped: new Set([
      ...now.filter(isAdded).map(({ coordinate }) => coordinate),
      ...changes
        .filter(({ code }) => code === 'FIELD_TYPE_CHANGED' || code === 'FIELD_TYPE_NARROWED')
        .flatMap(({ coordinate = [] }) => coordinate),
    ]),
  };
}
