import type { PathSegment, PlanPath } from '../execution/plan.ts';
import { listsIn } from '../supergraph/type-nodes.ts';
import type { FetchGroup } from './fetch-groups.ts';
import type { Position } from './search-state.ts';

/** The path to a group's entities; restricted to its classes, as far as their types are known. */
export function pathOf({ position, states }: FetchGroup): PlanPath {
  const path = pathTo(position);
  const entering = states.filter((state) => state.class.position === position);
  const types = new Set(entering.flatMap((state) => state.class.types));
  const isAll = position.classes.every((of) => of.types.every((name) => types.has(name)));
  return isAll ? path : [...path, { kind: 'types', names: [...types] }];
}

/** The path from the root of the store to a position. */
export function pathTo({ entry }: Pick<Position, 'entry'>): PlanPath {
  if (!entry) return [];
  const { class: of, key, name } = entry;
  const above = pathTo(of.position);
  const segments: PathSegment[] = [];
  if (of.position.classes.length > 1) segments.push({ kind: 'types', names: of.types });
  segments.push({ kind: 'key', name: key });
  const type = of.type.fieldType(name);
  for (let lists = type ? listsIn(type) : 0; lists > 0; lists -= 1) segments.push({ kind: 'list' });
  return [...above, ...segments];
}
