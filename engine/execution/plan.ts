import type { DirectiveNode, SelectionSetNode } from 'graphql';
import type { OperationKind } from '../fetching/types.ts';

/**
 * The query plan that execution runs; each planner translates its own format into this one. A plan fills a tree of
 * plain objects (the store) by response key, and the response is completed from that tree afterwards.
 */
export interface QueryPlan {
  /** Absent when no subgraph is needed. */
  readonly node: PlanNode | undefined;
}

/** The client's response keys, by the store's keys that differ from them. */
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

/** Runs nodes one after the other. */
export interface SequenceNode {
  readonly kind: 'sequence';
  readonly nodes: readonly PlanNode[];
}

/** Runs nodes in any order, or at once. */
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

/** Runs one branch, depending on a Boolean variable. */
export interface ConditionNode {
  readonly kind: 'condition';
  readonly variable: string;
  readonly whenTrue: PlanNode | undefined;
  readonly whenFalse: PlanNode | undefined;
}

/** A subscription: the subgraph that has the field sends events, and the rest is fetched for each event. */
export interface SubscriptionNode {
  readonly kind: 'subscription';
  readonly primary: FetchNode;
  readonly rest: PlanNode | undefined;
}

/** A response in parts (`@defer`): the primary part is sent first. The root of a plan, or of a deferred part. */
export interface DeferNode {
  readonly kind: 'defer';
  readonly primary: {
    /** What the client selects outside the deferred parts, spread fragments included; a selection set may be empty. */
    readonly selection: SelectionSetNode;
    readonly node: PlanNode | undefined;
  };
  readonly deferred: readonly DeferredNode[];
}

/** A deferred part for the objects at some paths. */
export interface DeferredNode {
  /** With the place, this identifies the part among those with the same enclosing part. */
  readonly directive: DirectiveNode;
  /** Where the fragment is in the response: see `placeBelow`. */
  readonly place: string;
  readonly label: string | undefined;
  /** The paths to the objects in the store; several when the path goes through objects of several types. */
  readonly paths: readonly PlanPath[];
  /** The ids of the fetches that must finish before `node` runs; all belong to enclosing parts. */
  readonly depends: readonly string[];
  /** What the client selects of the objects; `undefined` when `node` is a DeferNode, whose primary part has it. */
  readonly selection: SelectionSetNode | undefined;
  /** `undefined` when enclosing parts fetch everything. A DeferNode when another part is deferred inside this one. */
  readonly node: PlanNode | undefined;
}

/** One operation sent to one subgraph. */
export interface SubgraphOperation {
  /** Set when a deferred part depends on the fetch. */
  readonly id?: string;
  readonly subgraph: string;
  readonly operationKind: OperationKind;
  readonly operation: string;
  readonly operationName: string | undefined;
  /** The names of the client's variables that the operation uses. */
  readonly variables: readonly string[];
}

/** Fetches root fields, or with `entities` the fields of entities. */
export interface FetchNode extends SubgraphOperation {
  readonly kind: 'fetch';
  readonly entities: EntityInput | undefined;
  /** The variable for the representations. Default: `representations`. */
  readonly representationsVariable?: string;
  readonly outputRewrites: readonly Rewrite[];
  readonly contextArguments: readonly ContextArgument[];
}

/** Fetches several groups of entities with one operation that has an aliased `_entities` for each group. */
export interface BatchFetchNode extends SubgraphOperation {
  readonly kind: 'batch-fetch';
  readonly groups: readonly EntityGroup[];
}

export interface EntityGroup {
  /** The response key of the group's `_entities` field. */
  readonly alias: string;
  readonly representationsVariable: string;
  readonly paths: readonly PlanPath[];
  readonly entities: EntityInput;
  readonly outputRewrites: readonly Rewrite[];
}

/** How an object of the store becomes a representation (Federation's `_Any`). */
export interface EntityInput {
  /** The type of objects that have no `__typename` in the store, where the schema says it. */
  readonly typename?: string | undefined;
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

/** Changes data before it is sent to a subgraph, or after it is received. */
export type Rewrite =
  | { readonly kind: 'set'; readonly path: RewritePath; readonly value: string }
  | { readonly kind: 'rename'; readonly path: RewritePath; readonly to: string };

export type RewritePath = readonly RewriteSegment[];

export type RewriteSegment =
  | { readonly kind: 'key'; readonly name: string }
  /** Matches only objects of these types; an abstract type matches its possible types. */
  | { readonly kind: 'types'; readonly names: readonly string[] };

/** A variable of a subgraph operation whose value comes from an object that encloses the entity (`@fromContext`). */
export interface ContextArgument {
  readonly variable: string;
  /** How many objects above the entity the value is. */
  readonly levelsUp: number;
  readonly path: RewritePath;
}

/** A path from the root of the store to objects. Lists are entered wherever they occur, at any depth. */
export type PlanPath = readonly PathSegment[];

export type PathSegment =
  | { readonly kind: 'key'; readonly name: string }
  | { readonly kind: 'list' }
  | { readonly kind: 'types'; readonly names: readonly string[] };
