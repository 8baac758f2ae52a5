import type { EntityKey } from './indexed-type.ts';
import type { PlanBudget } from './plan-budget.ts';
import type { Chosen, Entry, Leaf, Need, State } from './search-state.ts';
import type { Search } from './search.ts';

/** The cost of a plan: fewer steps come first, then fewer requests, then fewer selected fields. */
export interface PlanCost {
  readonly levels: number;
  readonly requests: number;
  readonly size: number;
}

/** Requests that a choice avoids when possible. */
type AvoidedRequests = ReadonlySet<string>;

const requestCost = 1_000;
const representationCost = 10;

/**
 * Chooses a state for each leaf, and the states on the path to it, so that the plan needs few requests. Leaves with a
 * single state are chosen first; the others use existing requests where possible. Then each request in turn is avoided,
 * and the plan without it is kept if it costs less.
 */
export class Choice {
  private readonly search: Search;
  private readonly leaves: readonly Leaf[];
  private readonly budget: PlanBudget;
  private requests = new Set<string>();
  private avoided: AvoidedRequests = new Set();
  private levelsMax = 0;
  /** True when a need of a fetch had several sources, each of which costs another request. */
  private isImprovable = false;
  /** The earlier choices, for the parts that enclose a deferred one. */
  private readonly before = new Map<State, Chosen>();
  private readonly requestsBefore: ReadonlySet<string>;
  /** Costs computed since a state was last chosen. */
  private readonly costs = new Map<State, number>();

  constructor(search: Search, leaves: readonly Leaf[], budget: PlanBudget) {
    this.search = search;
    this.leaves = leaves;
    this.budget = budget;
    const requests = new Set<string>();
    for (const state of search.states) {
      if (!state.chosen) continue;
      this.before.set(state, state.chosen);
      if (isRequested(state)) requests.add(requestOf(state));
    }
    this.requestsBefore = requests;
  }

  /** Stores the choice in the states. */
  choose(): void {
    let best = this.run(new Set(), false);
    const isContested = this.isImprovable || this.leaves.some(({ states }) => states.length > 1);
    if (!isContested || best.requests < 2) return;
    let avoided: AvoidedRequests = new Set();
    let isCurrent = true;
    for (const each of [...this.requests].sort()) {
      if (this.requestsBefore.has(each)) continue;
      const effort = this.leaves.length * 4 + this.search.states.length;
      if (this.budget.remaining < effort * 10) break;
      const attempt = new Set([...avoided, each]);
      const cost = this.run(attempt, true);
      isCurrent = isLess(cost, best);
      if (!isCurrent) continue;
      best = cost;
      avoided = attempt;
    }
    if (!isCurrent) this.run(avoided, avoided.size > 0);
  }

  protected run(avoided: AvoidedRequests, isLateAllowed: boolean): PlanCost {
    this.avoided = avoided;
    this.requests = new Set(this.requestsBefore);
    this.costs.clear();
    this.budget.spendOnChecks(this.search.states.length);
    for (const state of this.search.states) state.chosen = copyOf(this.before.get(state));
    if (!isLateAllowed) this.levelsMax = Math.max(0, ...this.leaves.map(({ level }) => level));
    const open: Leaf[] = [];
    for (const leaf of this.leaves) {
      const states = this.candidates(leaf, isLateAllowed);
      const [only] = states;
      if (only && states.length === 1) this.take(leaf, only);
      else open.push({ ...leaf, states });
    }
    for (const leaf of open) this.take(leaf, this.cheapest(leaf.states));
    return this.cost();
  }

  private candidates({ states, level }: Leaf, isLateAllowed: boolean): readonly State[] {
    this.budget.spendOnChecks(states.length);
    const latest = isLateAllowed ? this.levelsMax : level;
    const inTime = states.filter((state) => state.level <= latest);
    if (this.avoided.size === 0) return inTime;
    const kept = inTime.filter((state) => !this.isAvoided(state));
    return kept.length > 0 ? kept : inTime;
  }

  private isAvoided(state: State): boolean {
    return (
      this.avoided.has(requestOf(state)) || (state.parent ? this.isAvoided(state.parent) : false)
    );
  }

  private take({ entries, asksType }: Leaf, state: State): void {
    this.use(state);
    for (const entry of entries) this.ask(state, entry, 'whole');
    if (asksType) this.askType(state);
  }

  /** A field selected on an earlier state is also selected by the enclosing part. */
  private ask(state: State, entry: Entry, how: 'whole' | 'part'): void {
    const { taken } = this.use(state);
    if (how === 'whole' || !taken.has(entry)) taken.set(entry, how);
    if (state.origin === 'earlier' && state.parent) this.ask(state.parent, entry, how);
  }

  private askType(state: State): void {
    this.use(state).asksType = true;
    if (state.origin === 'earlier' && state.parent) this.askType(state.parent);
  }

  private use(state: State): Chosen {
    if (state.chosen) return state.chosen;
    const { parent, origin } = state;
    const { entry } = state.class.position;
    this.budget.spend(1);
    const chosen: Chosen = {
      asksType: false,
      taken: new Map(),
      entityKey: undefined,
      sources: new Set(),
    };
    state.chosen = chosen;
    this.costs.clear();
    if (isRequested(state)) this.requests.add(requestOf(state));
    if (parent) this.use(parent);
    if (origin === 'field' && parent && entry) this.ask(parent, entry, 'part');
    if (origin === 'entities') {
      chosen.entityKey = this.cheapestKey(state);
      for (const need of this.search.needs.of(state, chosen.entityKey))
        this.satisfy(need, state, chosen);
    }
    return chosen;
  }

  /** Selects what an entity fetch needs in earlier steps. */
  private satisfy({ class: of, entry }: Need, state: State, { sources }: Chosen): void {
    this.budget.spendOnChecks(of.states.length);
    const before = of.states.filter(({ level }) => level < state.level);
    if (!entry) {
      const source = this.cheapest(before.filter((each) => this.search.coverage.knowsType(each)));
      this.askType(source);
      sources.add(source);
      return;
    }
    if (entry.child) {
      this.satisfyBelow(entry, state, sources);
    } else {
      const source = this.cheapest(
        before.filter((each) => this.search.coverage.offer(each, entry)),
      );
      this.ask(source, entry, 'whole');
      sources.add(source);
    }
    // A representation includes the type, even when the subgraph knows the object only as an interface.
    if (of === state.class) for (const each of sources) if (each.class === of) this.askType(each);
  }

  private satisfyBelow({ child, class: of }: Entry, state: State, sources: Set<State>): void {
    if (!child) return;
    for (const leaf of this.search.leavesBelow(child)) {
      const source = this.cheapest(leaf.states.filter(({ level }) => level < state.level));
      this.take(leaf, source);
      for (let each: State | undefined = source; each; each = each.parent) {
        sources.add(each);
        if (each.class === of) break;
      }
    }
  }

  protected cheapestKey(state: State): EntityKey {
    const [first, ...others] = state.entityKeys;
    if (!first) throw new Error('Expected a key to fetch entities by; got none.');
    if (others.length === 0) return first;
    let best = first;
    let least = this.costOfKey(state, first);
    for (const entityKey of others) {
      const cost = this.costOfKey(state, entityKey);
      if (cost >= least) continue;
      best = entityKey;
      least = cost;
    }
    this.isImprovable ||= least >= requestCost;
    return best;
  }

  private costOfKey(state: State, entityKey: EntityKey): number {
    let cost = 0;
    const sources = new Set<State>();
    for (const need of this.search.needs.of(state, entityKey)) {
      const source = this.cheapestSource(need, state);
      cost += 1;
      // A source that satisfies several needs is counted once.
      if (!source || sources.has(source)) continue;
      sources.add(source);
      cost += this.costOf(source);
    }
    return cost;
  }

  private cheapestSource({ class: of, entry }: Need, { level }: State): State | undefined {
    let cheapest: State | undefined;
    let least = Infinity;
    const { coverage } = this.search;
    this.budget.spendOnChecks(of.states.length);
    for (const state of of.states) {
      if (state.level >= level) continue;
      if (entry ? !coverage.offer(state, entry) : !coverage.knowsType(state)) continue;
      const cost = this.costOf(state);
      if (cost >= least) continue;
      cheapest = state;
      least = cost;
    }
    return cheapest;
  }

  /** The additional cost of using a state. */
  private costOf(state: State): number {
    if (state.chosen) return 0;
    const known = this.costs.get(state);
    if (known !== undefined) return known;
    this.budget.spend(1);
    const cost = this.computeCost(state);
    this.costs.set(state, cost);
    return cost;
  }

  private computeCost(state: State): number {
    const own = this.isAvoided(state) ? requestCost * 5 : 0;
    const { parent, origin, entityKeys } = state;
    if ((origin === 'field' || origin === 'earlier') && parent)
      return own + 1 + this.costOf(parent);
    const more = this.costOfRequest(state);
    if (origin === 'root') return own + more;
    if (origin === 'operation') return own + requestCost + (parent ? this.costOf(parent) : 0);
    const [entityKey] = entityKeys;
    return own + more + representationCost + (entityKey ? this.costOfKey(state, entityKey) : 0);
  }

  /** A fetch may be delayed to a later request to the same subgraph, when no other fetch depends on it. */
  private costOfRequest(state: State): number {
    if (this.requests.has(requestOf(state))) return 0;
    const { graph, level, origin } = state;
    if (origin !== 'entities') return requestCost;
    for (let later = level + 1; later <= this.levelsMax; later += 1)
      if (this.requests.has(`${later} ${graph}`)) return requestCost - 1;
    return requestCost;
  }

  protected cheapest(states: readonly State[]): State {
    const [first, ...others] = states;
    if (!first) throw new Error('Expected a subgraph that can resolve the field; got none.');
    let best = first;
    if (others.length === 0) return best;
    let least = this.costOf(first);
    for (const state of others) {
      const cost = this.costOf(state);
      if (cost > least || (cost === least && state.level >= best.level)) continue;
      best = state;
      least = cost;
    }
    this.isImprovable ||= least >= requestCost;
    return best;
  }

  private cost(): PlanCost {
    let levels = 0;
    let size = 0;
    for (const state of this.search.states) {
      const { chosen, level, origin } = state;
      if (!chosen) continue;
      if (!this.before.has(state)) levels = Math.max(levels, level);
      size += chosen.taken.size + (origin === 'entities' ? representationCost : 0);
    }
    return { levels, requests: this.requests.size - this.requestsBefore.size, size };
  }
}

/** All fetches of one step to one subgraph share a request, in each part of the response. */
function requestOf({ graph, level, origin, class: { position } }: State): string {
  const request = position.part ? `${level} ${graph} @${position.part.id}` : `${level} ${graph}`;
  return origin === 'operation' ? `${request} ${position.id}` : request;
}

/** True for a state that starts a request. */
function isRequested({ origin }: State): boolean {
  return origin !== 'field' && origin !== 'earlier';
}

function copyOf(chosen: Chosen | undefined): Chosen | undefined {
  return chosen && { ...chosen, taken: new Map(chosen.taken), sources: new Set(chosen.sources) };
}

function isLess(left: PlanCost, right: PlanCost): boolean {
  return (
    (left.levels - right.levels || left.requests - right.requests || left.size - right.size) < 0
  );
}
