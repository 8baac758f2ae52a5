import { apiChanges } from '../../api-rules.ts';
import type { Comparison } from '../../comparison.ts';
import { type Member, membersOf } from '../../members.ts';

/** New and changed members: lint checks only these. */
export interface ChangedMembers {
  readonly added: readonly Member[];
  readonly changed: readonly Member[];
  /** The coordinates of new fields and fields with a new type. */
  readonly retyped: ReadonlySet<string>;
}

/** Finds them in the API schema; computed once for all rules. */
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
