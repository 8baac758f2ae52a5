import type { SelectionSetNode } from 'graphql';
import type { OperationKind } from '../fetching/types.ts';

/**
 * The one query plan that execution knows; each planner's own form is translated into it. A plan fills a tree of
 * plain objects (the store) by response key, and the answer is shaped from that tree afterwards.
 */
export interface QueryPlan {
  /** Absent when no subgraph is needed. */
  readonly node: PlanNode | undefined;
}

/** The client's response keys, by the keys in the store that are others. */
export type ClientKeys = Pick<ReadonlyMap<string, string>, 'get' | 'has'>;

export type PlanNode =
  | SequenceNode
  | ParallelNode
  | FlattenNode
  | FetchNode
  | BatchFetchNode
  | ConditionNode
  | DeferNode
  | SubscriptionNode;

/** One after the other. */
export interface SequenceNode {
  readonly kind: 'sequence';
  readonly nodes: readonly PlanNode[];
}

/** In any order, also at once. */
export interface ParallelNode {
  readonly kind: 'parallel';
  readonly nodes: readonly PlanNode[];
}

/** Runs `node` for the objects found at `path`. */
export interface FlattenNode {
  readonly kind: 'flatten';
  readonly path: PlanPath;
  readonly node: PlanNode;
}

/** Runs one branch by the value of a Boolean variable. */
export interface ConditionNode {
  readonly kind: 'condition';
  readonly variable: string;
  readonly whenTrue: PlanNode | undefined;
  readonly whenFalse: PlanNode | undefined;
}

/** A subscription: the subgraph that has the field sends events, and for each of them the rest is fetched. Nothing runs it yet. */
export interface SubscriptionNode {
  readonly kind: 'subscription';
  readonly primary: FetchNode;
  readonly rest: PlanNode | undefined;
}

/** An answer in parts (`@defer`): the primary one comes first. Nothing runs it yet. */
export interface DeferNode {
  readonly kind: 'defer';
  readonly primary: {
    /** What the client selects outside of the deferred parts, spread fragments included; a set may be empty. */
    readonly selection: SelectionSetNode;
    readonly node: PlanNode | undefined;
  };
  readonly deferred: readonly DeferredNode[];
}

/** What comes later for the objects at some paths. */
export interface DeferredNode {
  readonly label: string | undefined;
  /** Where the objects are in the store; several where objects of several types are on the way. */
  readonly paths: readonly PlanPath[];
  /** The ids of the fetches that have to be complete before `node` runs, all of them of the parts around. */
  readonly depends: readonly string[];
  /** What the client selects of the objects; `undefined` where `node` is a DeferNode, whose primary part has it. */
  readonly selection: SelectionSetNode | undefined;
  /** `undefined` when all of it is fetched by the parts around. A DeferNode where a part is deferred inside this one. */
  readonly node: PlanNode | undefined;
}

/** One operation sent to one subgraph. */
export interface SubgraphOperation {
  /** For a fetch that a deferred part depends on. */
  readonly id?: string;
  readonly subgraph: string;
  readonly operationKind: OperationKind;
  readonly operation: string;
  readonly operationName: string | undefined;
  /** The client's variables that the operation uses. */
  readonly variables: readonly string[];
}

/** A root operation, or with `entities` one that completes the entities it is run for. */
export interface FetchNode extends SubgraphOperation {
  readonly kind: 'fetch';
  readonly entities: EntityInput | undefined;
  /** The variable for the representations; default: `representations`. */
  readonly representationsVariable?: string;
  readonly outputRewrites: readonly Rewrite[];
  readonly contextArguments: readonly ContextArgument[];
}

/** Completes several groups of entities with one operation, which holds one aliased `_entities` for each group. */
export interface BatchFetchNode extends SubgraphOperation {
  readonly kind: 'batch-fetch';
  readonly groups: readonly EntityGroup[];
}

export interface EntityGroup {
  /** The response key of this group's `_entities`. */
  readonly alias: string;
  readonly representationsVariable: string;
  readonly paths: readonly PlanPath[];
  readonly entities: EntityInput;
  readonly outputRewrites: readonly Rewrite[];
}

/** How an object of the store becomes a representation (Federation: `_Any`). */
export interface EntityInput {
  readonly requires: readonly RequiredSelection[];
  readonly rewrites: readonly Rewrite[];
}

export type RequiredSelection =
  | {
      readonly kind: 'field';
      /** The key in the store. */
      readonly from: string;
      /** The key in the representation. */
      readonly to: string;
      readonly selections: readonly RequiredSelection[] | undefined;
    }
  | {
      readonly kind: 'fragment';
      readonly typeCondition: string;
      readonly selections: readonly RequiredSelection[];
    };

/** Changes data on its way in or out of a subgraph. */
export type Rewrite =
  | { readonly kind: 'set'; readonly path: RewritePath; readonly value: string }
  | { readonly kind: 'rename'; readonly path: RewritePath; readonly to: string };

export type RewritePath = readonly RewriteSegment[];

export type RewriteSegment =
  | { readonly kind: 'key'; readonly name: string }
  /** Only objects of one of these types; abstract types stand for their members. */
  | { readonly kind: 'types'; readonly names: readonly string[] };

/** A variable of the subgraph's operation whose value comes from around the entity (`@fromContext`). */
export interface ContextArgument {
  readonly variable: string;
  /** How many objects up from the entity the value is found. */
  readonly levelsUp: number;
  readonly path: RewritePath;
}

/** A way from the root of the store to objects. Lists are entered wherever they are met, whatever their depth. */
export type PlanPath = readonly PathSegment[];

export type PathSegment =
  | { readonly kind: 'key'; readonly name: string }
  | { readonly kind: 'list' }
  | { readonly kind: 'types'; readonly names: readonly string[] };
