import type { SelectionNode } from 'graphql';
import type { IndexedType, Jump } from './indexed-type.ts';

/** A place of the answer where there are objects. */
export interface Position {
  readonly id: number;
  readonly type: IndexedType;
  /** The field that leads here; `undefined` at the root. */
  readonly entry: Entry | undefined;
  /** The deferred part that asks for what is selected here; `undefined` for the primary part. */
  readonly part: DeferredPart | undefined;
  /** The objects that may be here, by what is selected of them and how it is resolved. */
  readonly classes: readonly ObjectClass[];
  /** True when what is answered depends on which type an object is of. */
  readonly needsType: boolean;
  /** How many objects are around this one. */
  readonly depth: number;
}

/** The objects of some types at a position: all of them are treated alike. */
export interface ObjectClass {
  readonly position: Position;
  readonly types: readonly string[];
  /** One of the types, for what is the same for all. */
  readonly type: IndexedType;
  /** What the client selects, in its order. */
  readonly entries: readonly Entry[];
  /** What the plan needs for itself, by key. */
  readonly own: Map<string, Entry>;
  /** The same objects in the part around, for what a deferred part selects of them. */
  readonly base: ObjectClass | undefined;
  /** What deferred parts select of the objects; each is of a position of its own. */
  readonly deferred: ObjectClass[];
  /** Where the objects can be had; filled by the search. */
  states: State[];
}

/** A field that is selected of the objects of a class. */
export interface Entry {
  readonly class: ObjectClass;
  /** The key in the store and in subgraphs' answers. */
  readonly key: string;
  readonly name: string;
  /** `(a: 1, b: $c)`, or empty. */
  readonly args: string;
  /** The variables in the arguments. */
  readonly variables: readonly string[];
  readonly isOwn: boolean;
  /** How it is written; more than once where directives stand on it or around it. */
  readonly writings: readonly Writing[];
  readonly sets: readonly SelectedSet[];
  /** The objects below, for a field of a composite type. */
  child: Position | undefined;
  /** Arguments that come from around the object, when they have been found. */
  contexts: readonly ContextArgumentUse[] | undefined;
  /** Of an own entry, the steps after which all below it can be had; filled by the search. */
  reachedAt: number | undefined;
}

/** What one `@defer` puts off, at one place of the answer. */
export interface DeferredPart {
  readonly id: number;
  /** The part it is inside of; `undefined` for the primary part. */
  readonly around: DeferredPart | undefined;
  readonly label: string | undefined;
  /** What it delivers of the objects where it begins, without the parts inside it. */
  readonly selections: SelectionNode[];
  /** The fields that lead to those objects, `undefined` for the root; found by the selection tree. */
  readonly entries: Set<Entry | undefined>;
}

/** What one field selects below it, and the deferred part that asks for that. */
export interface SelectedSet {
  readonly selections: readonly SelectionNode[];
  readonly part: DeferredPart | undefined;
}

/** An argument of a field with the variable for its value. */
export interface ContextArgumentUse {
  readonly argument: string;
  readonly variable: string;
  readonly type: string;
  readonly levelsUp: number;
  readonly path: readonly string[];
}

/** Directives on a field, and fragments with directives around it. */
export interface Writing {
  readonly directives: string;
  /** The variables in all of these directives. */
  readonly variables: readonly string[];
  readonly around: readonly AroundField[];
}

/** A fragment that carries directives: on an inline fragment, on a spread, on the definition. */
export interface AroundField {
  readonly isNamed: boolean;
  readonly directives: string;
  readonly onDefinition: string;
  readonly variables: readonly string[];
}

/** How a state comes about. */
export type Origin =
  /** An operation asks the subgraph for root fields. */
  | 'root'
  /** The subgraph resolves the field that leads here. */
  | 'field'
  /** The subgraph is given representations of the entities that are here. */
  | 'entities'
  /** The subgraph is asked for fields of a root type to which a field leads back. */
  | 'operation'
  /** The part around a deferred part has the objects, and asks the subgraph for more of them. */
  | 'earlier';

/**
 * A state of the search: the objects of a class can be had in a subgraph, after so many steps. Whatever of the objects
 * the subgraph resolves can then be asked for at no further step.
 */
export interface State {
  readonly class: ObjectClass;
  readonly graph: number;
  /** How many fetches come before, one after the other. */
  readonly level: number;
  readonly origin: Origin;
  /** The objects around, in the same subgraph, for a field; any that lead here, for an operation; the same, for an earlier one. */
  readonly parent: State | undefined;
  /** What the subgraph calls the type of the objects here; they may be fewer. */
  readonly typename: string;
  /** What a field on the way here provides besides what the subgraph resolves. */
  readonly provided: readonly SelectionNode[] | undefined;
  /** The keys by which entities may be asked for. */
  readonly jumps: readonly Jump[];
  /** The only field for which the subgraph is given what that requires. */
  readonly requiring: Entry | undefined;
  /** True for an earlier state of which only keys are taken. */
  readonly isForKeys: boolean;
  /** What is chosen of the state; `undefined` for a state that is no part of the plan. */
  chosen: Chosen | undefined;
}

/** What of a state is a part of the plan. */
export interface Chosen {
  /** True where the type of the objects is asked for. */
  asksType: boolean;
  /** The fields; `whole` with all that is selected below them. */
  readonly taken: Map<Entry, 'whole' | 'part'>;
  jump: Jump | undefined;
  /** Where what the representation is made of comes from. */
  readonly sources: Set<State>;
}

/** What is needed before a subgraph can be asked: a field of an object, its own or one around it. */
export interface Need {
  readonly class: ObjectClass;
  /** `undefined` for the type of the object. */
  readonly entry: Entry | undefined;
}

/** Something that has to be fetched, and where it can be had: one state is chosen of them. */
export interface Leaf {
  readonly class: ObjectClass;
  readonly entries: readonly Entry[];
  readonly asksType: boolean;
  readonly states: readonly State[];
  /** The fewest steps. */
  readonly level: number;
}
