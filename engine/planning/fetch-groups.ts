import type { DeferredPart, Entry, ObjectClass, Position, State } from './search-state.ts';
import type { Search } from './search.ts';

/** The content of one fetch: root fields, or the entities of one position with one kind of representation. */
export interface FetchGroup {
  readonly graph: number;
  /** The deferred part that it starts or continues; `undefined` for the primary part. */
  readonly part: DeferredPart | undefined;
  level: number;
  readonly origin: 'root' | 'entities' | 'operation';
  /** The position of its objects. */
  readonly position: Position;
  /** The interface used as `__typename` of the representations; `undefined` for the objects' own types. */
  readonly as: string | undefined;
  /** True when some of its arguments come from enclosing objects. */
  readonly takesContext: boolean;
  /**
   * Restricts the fetch to objects of one class, because the subgraph does not know their types and the field must not
   * be fetched for others.
   */
  readonly onlyClass: ObjectClass | undefined;
  readonly states: State[];
  /** The groups that it depends on. */
  readonly needs: Set<FetchGroup>;
  /** The arguments of the fields in its representations, keyed by their paths. */
  readonly required: Map<string, string>;
}

/** Groups the chosen states; the order depends on nothing else. */
export function fetchGroups(search: Search): readonly FetchGroup[] {
  const groups: FetchGroup[] = [];
  const known: KnownGroups = new Map();
  const byState = new Map<State, FetchGroup>();

  const groupOf = (state: State): FetchGroup => {
    let group = byState.get(state);
    if (!group) {
      group =
        (state.origin === 'field' || state.origin === 'earlier') && state.parent
          ? groupOf(state.parent)
          : startGroup(state);
      group.states.push(state);
      byState.set(state, group);
    }
    return group;
  };

  function startGroup(state: State): FetchGroup {
    const { graph, level, requiring } = state;
    const entityKey = state.chosen?.entityKey;
    const { position } = state.class;
    const group: FetchGroup = {
      graph,
      part: position.part,
      level,
      origin: state.origin === 'field' || state.origin === 'earlier' ? 'root' : state.origin,
      position,
      as: entityKey?.isOfInterface === true ? entityKey.as : undefined,
      takesContext: requiring?.contexts !== undefined,
      onlyClass:
        requiring && search.coverage.needsTypeFirst(requiring, graph) ? state.class : undefined,
      states: [],
      needs: new Set(),
      required: requirementsOf(state, search),
    };
    const whole = joinKnownGroup(group, known);
    if (whole === group) groups.push(group);
    return whole;
  }

  const used = search.states.filter(({ chosen }) => chosen);
  for (const state of used) {
    const group = groupOf(state);
    const sources = state.origin === 'operation' && state.parent ? [state.parent] : [];
    for (const source of [...(state.chosen?.sources ?? []), ...sources]) {
      const before = groupOf(source);
      if (before !== group) group.needs.add(before);
    }
  }
  return delayFetches(groups);
}

/**
 * Delays fetches until a later step that calls the same subgraph anyway, when no other fetch depends on them: that
 * saves a request.
 */
function delayFetches(groups: readonly FetchGroup[]): readonly FetchGroup[] {
  const last = groups.reduce((level, group) => Math.max(level, group.level), 0);
  const byRequest = new Map<string, FetchGroup[]>();
  const waiting = new Map<FetchGroup, FetchGroup[]>();
  for (const group of groups) {
    if (isBatchable(group)) addTo(byRequest, `${group.level} ${laneOf(group)}`, group);
    for (const need of group.needs) if (need.part === group.part) addTo(waiting, need, group);
  }
  const latest = (group: FetchGroup): number =>
    (waiting.get(group) ?? []).reduce((level, other) => Math.min(level, other.level - 1), last);
  for (let level = last - 1; level > 0; level -= 1) {
    for (const lane of new Set(groups.map(laneOf))) {
      const together = byRequest.get(`${level} ${lane}`) ?? [];
      const until = together.reduce((least, group) => Math.min(least, latest(group)), last);
      for (let later = level + 1; later <= until && together.length > 0; later += 1) {
        const laterGroups = byRequest.get(`${later} ${lane}`);
        if (!laterGroups) continue;
        for (const group of together) group.level = later;
        laterGroups.push(...together);
        byRequest.delete(`${level} ${lane}`);
        break;
      }
    }
  }
  return mergeGroups(groups);
}

/** Identifies the requests of one deferred part to one subgraph. */
function laneOf({ graph, part }: FetchGroup): string {
  return part ? `${graph} @${part.id}` : String(graph);
}

function addTo<K>(lists: Map<K, FetchGroup[]>, key: K, group: FetchGroup): void {
  const known = lists.get(key);
  if (known) known.push(group);
  else lists.set(key, [group]);
}

/** True for a fetch that can share a request with others. */
export function isBatchable({ origin, takesContext }: FetchGroup): boolean {
  return origin === 'entities' && !takesContext;
}

/** Merges groups that fetch the same entities in the same step. */
function mergeGroups(groups: readonly FetchGroup[]): readonly FetchGroup[] {
  const kept: FetchGroup[] = [];
  const known: KnownGroups = new Map();
  const replaced = new Map<FetchGroup, FetchGroup>();
  for (const group of groups) {
    const whole = joinKnownGroup(group, known);
    if (whole === group) {
      kept.push(group);
      continue;
    }
    whole.states.push(...group.states);
    for (const need of group.needs) whole.needs.add(need);
    replaced.set(group, whole);
  }
  for (const group of kept) {
    for (const need of [...group.needs]) {
      const other = replaced.get(need);
      if (!other) continue;
      group.needs.delete(need);
      group.needs.add(other);
    }
  }
  return kept;
}

/** Groups by a key that mergeable groups share. */
type KnownGroups = Map<string, FetchGroup[]>;

/** Finds an existing group to merge into; otherwise registers and returns the group itself. */
function joinKnownGroup(group: FetchGroup, known: KnownGroups): FetchGroup {
  const { position, graph, level, origin, as = '', takesContext, onlyClass } = group;
  const of = onlyClass ? position.classes.indexOf(onlyClass) : '';
  // Entities represented as an interface all get the same fields; requiring one that only some have would exclude the
  // others.
  const isByNeeds = as !== '' && position.classes.length > 1;
  const needs = isByNeeds ? [...group.required.keys()].sort().join() : '';
  const key = `${position.id} ${graph} ${level} ${origin} ${as} ${takesContext} ${of} ${needs}`;
  const alike = known.get(key);
  const other = alike?.find(({ required }) =>
    [...group.required].every(([path, args]) => (required.get(path) ?? args) === args),
  );
  if (other) {
    for (const [path, args] of group.required) other.required.set(path, args);
    return other;
  }
  if (alike) alike.push(group);
  else known.set(key, [group]);
  return group;
}

/** A representation can hold only one value of a field, so different arguments need different groups. */
function requirementsOf(state: State, search: Search): Map<string, string> {
  const required = new Map<string, string>();
  const entityKey = state.chosen?.entityKey;
  if (!entityKey) return required;
  const add = ({ name, args, child }: Entry, parentPath: string): void => {
    const path = `${parentPath}.${name}`;
    required.set(path, args);
    for (const of of child?.classes ?? []) for (const each of of.entries) add(each, path);
  };
  for (const { class: of, entry } of search.needs.of(state, entityKey))
    if (entry && of === state.class) add(entry, '');
  return required;
}
