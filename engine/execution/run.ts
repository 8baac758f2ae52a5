import type { RequestContext, SubgraphFetch } from '../fetching/types.ts';
import type { CacheHints } from './cache-hints.ts';
import type { FinishedFetches } from './finished-fetches.ts';
import type { Problems } from './problems.ts';
import type { StoreObject } from './store.ts';
import type { ClientVariables } from './variables.ts';

/** A subgraph has the entity for this viewer, or does not: it is null there, and no other error is the reason. */
export type OnEntity = (
  entity: StoreObject,
  answer: { readonly subgraph: string; readonly isFound: boolean; readonly root: StoreObject },
) => void;

/** The state of one execution. */
export interface Run {
  readonly root: StoreObject;
  readonly variables: ClientVariables;
  /** The values of the Boolean variables in `@skip` and `@include`, by the client's names. */
  readonly conditions: ReadonlyMap<string, boolean>;
  readonly context: RequestContext;
  readonly fetch: SubgraphFetch;
  readonly problems: Problems;
  readonly cacheHints: CacheHints;
  /** The fetches that deferred parts wait for; `undefined` without deferred parts. */
  readonly finished: FinishedFetches | undefined;
  /** Told what a subgraph answered for each entity; `undefined` where that is not needed. */
  readonly onEntity: OnEntity | undefined;
}

/** A compiled plan node. Returns `undefined` when there is nothing to wait for; never rejects. */
export type Step = (run: Run) => Promise<void> | undefined;
