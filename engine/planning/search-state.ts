import type { DirectiveNode, SelectionNode } from 'graphql';
import type { IndexedType, EntityKey } from './indexed-type.ts';

/** A place in the response that holds objects. */
export interface Position {
  readonly id: number;
  readonly type: IndexedType;
  /** The field that returns the objects; `undefined` at the root. */
  readonly entry: Entry | undefined;
  /** The deferred part that selects this; `undefined` for the primary part. */
  readonly part: DeferredPart | undefined;
  /** The possible objects, grouped by what is selected on them and how it is resolved. */
  readonly classes: readonly ObjectClass[];
  /** True when the response depends on the types of the objects. */
  readonly needsType: boolean;
  /** The number of enclosing objects. */
  readonly depth: number;
}

/** The objects of some types at a position that are all planned alike. */
export interface ObjectClass {
  readonly position: Position;
  readonly types: readonly string[];
  /** One of the types, for everything that is the same for all of them. */
  readonly type: IndexedType;
  /** The client's selections, in order. */
  readonly entries: readonly Entry[];
  /** The fields that the plan itself needs, by key. */
  readonly own: Map<string, Entry>;
  /** The same objects in the enclosing part, for the selections of a deferred part. */
  readonly base: ObjectClass | undefined;
  /** The selections of deferred parts on the objects; each has a position of its own. */
  readonly deferred: ObjectClass[];
  /** Where the objects can be fetched; filled in by the search. */
  states: State[];
}

/** A field selected on the objects of a class. */
export interface Entry {
  readonly class: ObjectClass;
  /** The key in the store and in subgraph responses. */
  readonly key: string;
  readonly name: string;
  /** `(a: 1, b: $c)`, or empty. */
  readonly args: string;
  /** The variables in the arguments. */
  readonly variables: readonly string[];
  readonly isOwn: boolean;
  /** The occurrences of the field in the operation; several when directives apply to it. */
  readonly occurrences: readonly Occurrence[];
  readonly sets: readonly SelectedSet[];
  /** The objects below, for a field of a composite type. */
  child: Position | undefined;
  /** Arguments whose values come from enclosing objects, once these are known. */
  contexts: readonly ContextArgumentUse[] | undefined;
  /**
   * For one of the plan's own fields, the steps after which everything below it is available; filled in by the search.
   */
  reachedAt: number | undefined;
}

/** What one `@defer` defers, in one place of the response. */
export interface DeferredPart {
  readonly id: number;
  /** The enclosing part; `undefined` for the primary part. */
  readonly enclosing: DeferredPart | undefined;
  readonly directive: DirectiveNode;
  readonly place: string;
  readonly label: string | undefined;
  /** What it delivers for the objects it starts at, without the parts nested in it. */
  readonly selections: SelectionNode[];
  /** The fields that return those objects, `undefined` for the root; filled in by the selection tree. */
  readonly entries: Set<Entry | undefined>;
}

/** The selections below one field, and the deferred part they belong to. */
export interface SelectedSet {
  readonly selections: readonly SelectionNode[];
  readonly part: DeferredPart | undefined;
}

/** A field's argument with the variable for its value. */
export interface ContextArgumentUse {
  readonly argument: string;
  readonly variable: string;
  readonly type: string;
  readonly levelsUp: number;
  readonly path: readonly string[];
}

/** The directives on a field, and on its enclosing fragments. */
export interface Occurrence {
  readonly directives: string;
  /** The variables in all of these directives. */
  readonly variables: readonly string[];
  readonly enclosing: readonly EnclosingFragment[];
}

/** A fragment with directives: on an inline fragment, on a spread, or on the definition. */
export interface EnclosingFragment {
  readonly isNamed: boolean;
  readonly directives: string;
  readonly onDefinition: string;
  readonly variables: readonly string[];
}

/** How a state is reached. */
export type Origin =
  /** An operation selects root fields of the subgraph. */
  | 'root'
  /** The subgraph resolves the field that returns the objects. */
  | 'field'
  /** The subgraph receives representations of the entities. */
  | 'entities'
  /** The subgraph resolves fields of a root type that a field returns. */
  | 'operation'
  /** The enclosing part has the objects, and selects more of their fields. */
  | 'earlier';

/**
 * A state of the search: the objects of a class can be fetched from a subgraph, after a number of steps. Everything
 * that the subgraph resolves on them is then available without another step.
 */
export interface State {
  readonly class: ObjectClass;
  readonly graph: number;
  /** The number of fetches before it, one after the other. */
  readonly level: number;
  readonly origin: Origin;
  /**
   * The state that it was reached from: enclosing objects for a field, any that lead here for an operation, the same
   * objects for an earlier state.
   */
  readonly parent: State | undefined;
  /** The type that the subgraph has for the objects; the class may be narrower. */
  readonly typename: string;
  /** What a field on the path provides in addition (`@provides`). */
  readonly provided: readonly SelectionNode[] | undefined;
  /** The ways to fetch the entities. */
  readonly entityKeys: readonly EntityKey[];
  /** The only field that this state resolves; its requirements are sent with the representations. */
  readonly requiring: Entry | undefined;
  /** True for an earlier state from which only keys are taken. */
  readonly isForKeys: boolean;
  /** What the plan takes from the state; `undefined` when it is not part of the plan. */
  chosen: Chosen | undefined;
}

/** What the plan takes from a state. */
export interface Chosen {
  /** True when `__typename` is selected. */
  asksType: boolean;
  /** The fields; `whole` includes everything selected below them. */
  readonly taken: Map<Entry, 'whole' | 'part'>;
  entityKey: EntityKey | undefined;
  /** The states that the representations are read from. */
  readonly sources: Set<State>;
}

/** What is needed before a subgraph can be called: a field of the object itself, or of an enclosing one. */
export interface Need {
  readonly class: ObjectClass;
  /** `undefined` for the object's type. */
  readonly entry: Entry | undefined;
}

/** Something to fetch, with the states that have it; one of them is chosen. */
export interface Leaf {
  readonly class: ObjectClass;
  readonly entries: readonly Entry[];
  readonly asksType: boolean;
  readonly states: readonly State[];
  /** The fewest steps. */
  readonly level: number;
}
