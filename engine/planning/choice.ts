import type { Jump } from './indexed-type.ts';
import type { PlanBudget } from './plan-budget.ts';
import type { Chosen, Entry, Leaf, Need, State } from './search-state.ts';
import type { Search } from './search.ts';

/** What a plan costs: fewest steps first, then fewest requests, then what is asked for. */
export interface PlanCost {
  readonly levels: number;
  readonly requests: number;
  readonly size: number;
}

/** Requests that a choice avoids where it can. */
type Avoided = ReadonlySet<string>;

const request = 1_000;
const representation = 10;

/**
 * Chooses one state for each leaf, and with it the states on the way there, so that few requests are needed. What can
 * be had in one way only is chosen first; what is left goes, where it can, to requests that are made anyway. Then
 * each request in turn is avoided, and the plan without it is kept if that costs less.
 */
export class Choice {
  private readonly search: Search;
  private readonly leaves: readonly Leaf[];
  private readonly budget: PlanBudget;
  private requests = new Set<string>();
  private avoided: Avoided = new Set();
  private levelsMax = 0;
  /** True when something that a fetch needs could be had in several ways, all of which take another request. */
  private isContested = false;
  /** What was chosen before, for the parts around a deferred one. */
  private readonly before = new Map<State, Chosen>();
  private readonly requestsBefore: ReadonlySet<string>;
  /** What was worked out since a state was last chosen. */
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

  /** Leaves the choice in the states. */
  choose(): void {
    let best = this.run(new Set(), false);
    const isContested = this.isContested || this.leaves.some(({ states }) => states.length > 1);
    if (!isContested || best.requests < 2) return;
    let avoided: Avoided = new Set();
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

  protected run(avoided: Avoided, isLateAllowed: boolean): PlanCost {
    this.avoided = avoided;
    this.requests = new Set(this.requestsBefore);
    this.costs.clear();
    this.budget.spendOnLooks(this.search.states.length);
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
    this.budget.spendOnLooks(states.length);
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

  /** What is asked of an earlier state is asked by the part around. */
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
      jump: undefined,
      sources: new Set(),
    };
    state.chosen = chosen;
    this.costs.clear();
    if (isRequested(state)) this.requests.add(requestOf(state));
    if (parent) this.use(parent);
    if (origin === 'field' && parent && entry) this.ask(parent, entry, 'part');
    if (origin === 'entities') {
      chosen.jump = this.cheapestJump(state);
      for (const need of this.search.needs.of(state, chosen.jump)) this.meet(need, state, chosen);
    }
    return chosen;
  }

  /** Has what an entity fetch needs asked for in steps before it. */
  private meet({ class: of, entry }: Need, state: State, { sources }: Chosen): void {
    this.budget.spendOnLooks(of.states.length);
    const before = of.states.filter(({ level }) => level < state.level);
    if (!entry) {
      const source = this.cheapest(before.filter((each) => this.search.coverage.knowsType(each)));
      this.askType(source);
      sources.add(source);
      return;
    }
    if (entry.child) {
      this.meetBelow(entry, state, sources);
    } else {
      const source = this.cheapest(
        before.filter((each) => this.search.coverage.offer(each, entry)),
      );
      this.ask(source, entry, 'whole');
      sources.add(source);
    }
    // A representation names the type, also of what is an interface to the subgraph.
    if (of === state.class) for (const each of sources) if (each.class === of) this.askType(each);
  }

  private meetBelow({ child, class: of }: Entry, state: State, sources: Set<State>): void {
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

  protected cheapestJump(state: State): Jump {
    const [first, ...others] = state.jumps;
    if (!first) throw new Error('Expected a key by which entities can be asked for; got none.');
    if (others.length === 0) return first;
    let best = first;
    let least = this.costOfJump(state, first);
    for (const jump of others) {
      const cost = this.costOfJump(state, jump);
      if (cost >= least) continue;
      best = jump;
      least = cost;
    }
    this.isContested ||= least >= request;
    return best;
  }

  private costOfJump(state: State, jump: Jump): number {
    let cost = 0;
    const sources = new Set<State>();
    for (const need of this.search.needs.of(state, jump)) {
      const source = this.cheapestSource(need, state);
      cost += 1;
      // What several needs are met by is counted once.
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
    this.budget.spendOnLooks(of.states.length);
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

  /** What it costs to use a state besides all that is used already. */
  private costOf(state: State): number {
    if (state.chosen) return 0;
    const known = this.costs.get(state);
    if (known !== undefined) return known;
    this.budget.spend(1);
    const cost = this.newCostOf(state);
    this.costs.set(state, cost);
    return cost;
  }

  private newCostOf(state: State): number {
    const own = this.isAvoided(state) ? request * 5 : 0;
    const { parent, origin, jumps } = state;
    if ((origin === 'field' || origin === 'earlier') && parent)
      return own + 1 + this.costOf(parent);
    const more = this.costOfRequest(state);
    if (origin === 'root') return own + more;
    if (origin === 'operation') return own + request + (parent ? this.costOf(parent) : 0);
    const [jump] = jumps;
    return own + more + representation + (jump ? this.costOfJump(state, jump) : 0);
  }

  /** A fetch may wait for a later step in which the subgraph is asked anyway, when nothing waits for it. */
  private costOfRequest(state: State): number {
    if (this.requests.has(requestOf(state))) return 0;
    const { graph, level, origin } = state;
    if (origin !== 'entities') return request;
    for (let later = level + 1; later <= this.levelsMax; later += 1)
      if (this.requests.has(`${later} ${graph}`)) return request - 1;
    return request;
  }

  protected cheapest(states: readonly State[]): State {
    const [first, ...others] = states;
    if (!first) throw new Error('Expected a subgraph that has what is needed; got none.');
    let best = first;
    if (others.length === 0) return best;
    let least = this.costOf(first);
    for (const state of others) {
      const cost = this.costOf(state);
      if (cost > least || (cost === least && state.level >= best.level)) continue;
      best = state;
      least = cost;
    }
    this.isContested ||= least >= request;
    return best;
  }

  private cost(): PlanCost {
    let levels = 0;
    let size = 0;
    for (const state of this.search.states) {
      const { chosen, level, origin } = state;
      if (!chosen) continue;
      if (!this.before.has(state)) levels = Math.max(levels, level);
      size += chosen.taken.size + (origin === 'entities' ? representation : 0);
    }
    return { levels, requests: this.requests.size - this.requestsBefore.size, size };
  }
}

/** Requests of one step to one subgraph are one, in each part of the answer. */
function requestOf({ graph, level, origin, class: { position } }: State): string {
  const request = position.part ? `${level} ${graph} @${position.part.id}` : `${level} ${graph}`;
  return origin === 'operation' ? `${request} ${position.id}` : request;
}

/** True for a state that a request begins with. */
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
