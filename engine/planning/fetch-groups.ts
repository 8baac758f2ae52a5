import type { DeferredPart, Entry, ObjectClass, Position, State } from './search-state.ts';
import type { Search } from './search.ts';

/** What one fetch asks for: root fields, or entities of one position represented in one way. */
export interface FetchGroup {
  readonly graph: number;
  /** The deferred part that begins with it or goes on with it; `undefined` for the primary part. */
  readonly part: DeferredPart | undefined;
  level: number;
  readonly origin: 'root' | 'entities' | 'operation';
  /** Where its objects are. */
  readonly position: Position;
  /** The interface as which entities are represented; `undefined` for their own types. */
  readonly as: string | undefined;
  /** True when arguments of it come from around the entities. */
  readonly takesContext: boolean;
  /** The objects whose types are known to a subgraph's caller only, where the field must not be asked of others. */
  readonly only: ObjectClass | undefined;
  readonly states: State[];
  /** The groups that come before it. */
  readonly needs: Set<FetchGroup>;
  /** The arguments of what its representations hold, by the path in them. */
  readonly required: Map<string, string>;
}

/** Groups the states that were chosen, in an order that depends on nothing but them. */
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
          : groupBeginning(state);
      group.states.push(state);
      byState.set(state, group);
    }
    return group;
  };

  function groupBeginning(state: State): FetchGroup {
    const { graph, level, requiring } = state;
    const jump = state.chosen?.jump;
    const { position } = state.class;
    const group: FetchGroup = {
      graph,
      part: position.part,
      level,
      origin: state.origin === 'field' || state.origin === 'earlier' ? 'root' : state.origin,
      position,
      as: jump?.isOfInterface === true ? jump.as : undefined,
      takesContext: requiring?.contexts !== undefined,
      only: requiring && search.coverage.isRisky(requiring, graph) ? state.class : undefined,
      states: [],
      needs: new Set(),
      required: requirementsOf(state, search),
    };
    const whole = joined(group, known);
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
  return delayed(groups);
}

/**
 * Lets fetches wait for a later step, where the same subgraph is asked anyway and nobody has to wait for them: one
 * request less.
 */
function delayed(groups: readonly FetchGroup[]): readonly FetchGroup[] {
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
        const company = byRequest.get(`${later} ${lane}`);
        if (!company) continue;
        for (const group of together) group.level = later;
        company.push(...together);
        byRequest.delete(`${level} ${lane}`);
        break;
      }
    }
  }
  return merged(groups);
}

/** Requests of one part of the answer to one subgraph. */
function laneOf({ graph, part }: FetchGroup): string {
  return part ? `${graph} @${part.id}` : String(graph);
}

function addTo<K>(lists: Map<K, FetchGroup[]>, key: K, group: FetchGroup): void {
  const known = lists.get(key);
  if (known) known.push(group);
  else lists.set(key, [group]);
}

/** True for a fetch that can be one of several in a request. */
export function isBatchable({ origin, takesContext }: FetchGroup): boolean {
  return origin === 'entities' && !takesContext;
}

/** Groups that ask for the same entities in the same step are one. */
function merged(groups: readonly FetchGroup[]): readonly FetchGroup[] {
  const kept: FetchGroup[] = [];
  const known: KnownGroups = new Map();
  const replaced = new Map<FetchGroup, FetchGroup>();
  for (const group of groups) {
    const whole = joined(group, known);
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

/** Groups by what they have in common with those that they can be one with. */
type KnownGroups = Map<string, FetchGroup[]>;

/** A group that a new one can be a part of; itself when there is none, and then it is one of them. */
function joined(group: FetchGroup, known: KnownGroups): FetchGroup {
  const { position, graph, level, origin, as = '', takesContext, only } = group;
  const of = only ? position.classes.indexOf(only) : '';
  // As an interface, all objects are represented alike: what only some of them have would leave out the others.
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

/** Of one field with two sets of arguments, a representation holds one. */
function requirementsOf(state: State, search: Search): Map<string, string> {
  const required = new Map<string, string>();
  const jump = state.chosen?.jump;
  if (!jump) return required;
  const add = ({ name, args, child }: Entry, around: string): void => {
    const path = `${around}.${name}`;
    required.set(path, args);
    for (const of of child?.classes ?? []) for (const each of of.entries) add(each, path);
  };
  for (const { class: of, entry } of search.needs.of(state, jump))
    if (entry && of === state.class) add(entry, '');
  return required;
}
