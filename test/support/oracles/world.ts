import { Kind, type SelectionSetNode, type TypeNode, valueFromASTUntyped } from 'graphql';
import { type Catalog, type FieldFacts, namedType } from './catalog.ts';
import { Faults, type FaultKind } from './faults.ts';
import { leafValue } from './leaf-values.ts';
import { hashOf } from './random.ts';

/** An object of the world. Who it is decides all about it: its values are worked out when somebody asks. */
export interface WorldObject {
  readonly __typename: string;
  /** Two objects with the same identity are the same object. */
  readonly identity: string;
  /** What the gateway said of it, where a subgraph was asked to complete it. */
  readonly representation?: Readonly<Record<string, unknown>>;
  /** The nearest objects around that set a context, by its name; subgraphs do not know them. */
  readonly contexts?: ReadonlyMap<string, WorldObject>;
  /** The external fields that a subgraph knows on this path. */
  readonly provided?: SelectionSetNode;
}

/** How a world turns out. */
export interface WorldOptions {
  /** Worlds of different seeds have different values. */
  readonly seed: number;
  /** The share of fields that fail, by throwing or by being null whether they may or not. */
  readonly misfortune: number;
  /** What fails in subgraphs only. */
  readonly faults?: FaultKind | undefined;
  /** The labels of progressive `@override` that are active. */
  readonly labels?: readonly string[];
}

/** How many entities of each type there are. */
const population = 4;

/**
 * Data for any supergraph, made up without being stored: each value is a function of the object, the field and its
 * arguments, so that a subgraph and a schema over everything give the same answer. What a field requires of other
 * subgraphs is a part of the function, so that a wrong input gives a wrong answer. It changes by mutations only.
 */
export class World {
  private readonly catalog: Catalog;
  private readonly options: WorldOptions;
  private mutations = 0;
  /** What fails on the way to the subgraphs. */
  readonly faults: Faults | undefined;

  constructor(catalog: Catalog, options: WorldOptions) {
    this.catalog = catalog;
    this.options = options;
    this.faults = options.faults && new Faults(options.seed, options.faults);
  }

  /** The value of a field, for a resolver of a subgraph, or with `undefined` of the schema over everything. */
  resolve(
    object: WorldObject,
    field: string,
    args: Readonly<Record<string, unknown>>,
    subgraph: string | undefined,
  ): unknown {
    const facts = this.catalog.field(object.__typename, field);
    if (subgraph !== undefined) this.refuseWhatIsNotKnown(subgraph, object, field, facts);
    const all = subgraph === undefined ? { ...args, ...this.contextValues(object, facts) } : args;
    // What is worked out from the objects around is null where they have no value.
    if (facts.contextArguments.some(({ argument }) => (all[argument] ?? null) === null))
      return null;
    let origin = `${object.identity}.${field}${argumentText(all)}`;
    if (object.__typename === 'Mutation') this.mutations += 1;
    if (this.mutations > 0 && !facts.isKey) origin += `#${this.mutations}`;
    if (subgraph !== undefined && this.faults?.failsField(subgraph, origin) === true)
      throw new Error(`${object.__typename}.${field} fails in ${subgraph}.`);
    if (facts.requires) {
      const inputs = this.requiredInputs(object, facts.requires);
      // A subgraph that did not get what it needs can only say that it does not know.
      if (inputs === 'incomplete') return null;
      origin += inputs;
    }

    if (!facts.isKey && !facts.isSteady) {
      const luck = this.luckOf(origin);
      if (luck === 'throws') throw new Error(`${object.__typename}.${field} fails in this world.`);
      if (luck === 'null') return null;
    }
    const value = this.value(facts.type, origin, facts, object);
    return subgraph === undefined
      ? this.withContexts(value, object)
      : withProvided(value, field, object, facts, subgraph);
  }

  private contextValues(object: WorldObject, { contextArguments }: FieldFacts): object {
    return Object.fromEntries(
      contextArguments.map(({ argument, context, selection }) => {
        const around = object.contexts?.get(context);
        return [argument, around ? innermost(this.projectObject(around, selection)) : null];
      }),
    );
  }

  private withContexts(value: unknown, parent: WorldObject): unknown {
    const own = this.catalog.contexts(parent.__typename);
    if (own.length === 0 && !parent.contexts) return value;
    const contexts = new Map([
      ...(parent.contexts ?? []),
      ...own.map((name) => [name, parent] as const),
    ]);
    const add = (each: unknown): unknown => {
      if (Array.isArray(each)) return each.map(add);
      return isWorldObject(each) ? { ...each, contexts } : each;
    };
    return add(value);
  }

  /** True for an argument that comes from an object around the field (`@fromContext`). */
  isFromContext(typename: string, field: string, argument: string): boolean {
    const { contextArguments } = this.catalog.field(typename, field);
    return contextArguments.some((each) => each.argument === argument);
  }

  /** The entity that a representation stands for, as one of its keys tells. */
  find(
    subgraph: string,
    representation: Readonly<Record<string, unknown>> & { readonly __typename: string },
  ): WorldObject | null {
    const { __typename: typename } = representation;
    const keys = this.catalog.keys(subgraph, typename);
    for (const type of this.catalog.possibleTypes(subgraph, typename)) {
      for (let index = 0; index < population; index += 1) {
        const entity = entityOf(type, index);
        if (!keys.some((key) => this.matches(entity, representation, key))) continue;
        const fault = this.faults?.entity(subgraph, entity.identity);
        if (fault === 'throws') throw new Error(`${entity.identity} fails in ${subgraph}.`);
        return fault === 'null' ? null : { ...entity, representation };
      }
    }
    throw new Error(`Expected a key of ${typename}; got ${JSON.stringify(representation)}.`);
  }

  private matches(
    entity: WorldObject,
    representation: Readonly<Record<string, unknown>>,
    key: SelectionSetNode,
  ): boolean {
    const own = JSON.stringify(this.projectObject(entity, key));
    return own === JSON.stringify(projectValue(representation, key));
  }

  /** What a field is worked out from, as text; `incomplete` when failures left out a part of it. */
  private requiredInputs(object: WorldObject, required: SelectionSetNode): string {
    const values = this.projectObject(object, required);
    if (!object.representation) return JSON.stringify(values);
    const given = projectValue(object.representation, required);
    return this.faults && isIncomplete(given, values) ? 'incomplete' : JSON.stringify(given);
  }

  private refuseWhatIsNotKnown(
    subgraph: string,
    { provided, representation, __typename }: WorldObject,
    field: string,
    facts: FieldFacts,
  ): void {
    const { override, requires, externalIn, isKey } = facts;
    const overridden = override && (this.isActive(override.label) ? override.from : override.to);
    const isForeign =
      (externalIn.has(subgraph) && !isKey && !selectionOf(provided, field)) ||
      overridden === subgraph;
    if (isForeign)
      throw new Error(`${subgraph} was asked for ${__typename}.${field}, which is not its own.`);
    if (requires && !representation && !covers(provided, requires))
      throw new Error(`${subgraph} was asked for ${__typename}.${field} without what it requires.`);
  }

  private isActive(label: string | undefined): boolean {
    return label === undefined || this.options.labels?.includes(label) === true;
  }

  /** The values of a field set, as they would stand in a response. */
  private projectObject(object: WorldObject, set: SelectionSetNode): Record<string, unknown> {
    const values: Record<string, unknown> = {};
    for (const selection of set.selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (selection.typeCondition?.name.value !== object.__typename) continue;
        Object.assign(values, this.projectObject(object, selection.selectionSet));
      }
      if (selection.kind !== Kind.FIELD) continue;
      const { name, arguments: args, selectionSet } = selection;
      const given = Object.fromEntries(
        (args ?? []).map((argument) => [argument.name.value, valueFromASTUntyped(argument.value)]),
      );
      const { defaults } = this.catalog.field(object.__typename, name.value);
      const value = this.resolve(object, name.value, { ...defaults, ...given }, undefined);
      values[name.value] = selectionSet ? this.projectEach(value, selectionSet) : value;
    }
    return values;
  }

  private projectEach(value: unknown, set: SelectionSetNode): unknown {
    if (Array.isArray(value)) return value.map((item) => this.projectEach(item, set));
    return isWorldObject(value) ? this.projectObject(value, set) : null;
  }

  private luckOf(origin: string): 'good' | 'null' | 'throws' {
    const { misfortune, seed } = this.options;
    if (misfortune === 0) return 'good';
    const draw = hashOf(`luck ${seed} ${origin}`) / 2 ** 32;
    if (draw >= misfortune) return 'good';
    return draw < misfortune / 3 ? 'null' : 'throws';
  }

  private value(type: TypeNode, origin: string, facts: FieldFacts, parent: WorldObject): unknown {
    const isNonNull = type.kind === Kind.NON_NULL_TYPE;
    const nullable = isNonNull ? type.type : type;
    const mayBeNull = !isNonNull && !facts.isKey && !facts.isNeverNull;
    if (mayBeNull && this.hash(`null ${origin}`) % 7 === 0) return null;
    if (nullable.kind === Kind.LIST_TYPE) {
      const length = this.hash(`length ${origin}`) % 4;
      return Array.from({ length }, (_, index) =>
        this.item(nullable.type, `${origin}[${index}]`, facts, parent),
      );
    }
    return this.named(namedType(nullable), origin, facts, parent);
  }

  private item(type: TypeNode, origin: string, facts: FieldFacts, parent: WorldObject): unknown {
    if (!facts.isKey && !facts.isSteady) {
      const luck = this.luckOf(origin);
      // An error among the items of a list is that item's (graphql-js).
      if (luck === 'throws') return new Error('An item fails in this world.');
      if (luck === 'null') return null;
    }
    return this.value(type, origin, facts, parent);
  }

  private named(type: string, origin: string, facts: FieldFacts, parent: WorldObject): unknown {
    if (type === 'Query') return { __typename: 'Query', identity: 'Query' };
    if (!this.catalog.isComposite(type)) {
      if (facts.isKey) return keyValue(type, origin);
      const enumValues = this.catalog.enumValues(type);
      if (enumValues) return enumValues[this.hash(`enum ${origin}`) % enumValues.length];
      return leafValue(type, this.hash(`leaf ${origin}`));
    }
    const possible = [...facts.resolvedIn]
      .map((subgraph) => this.catalog.possibleTypes(subgraph, type))
      .reduce((common, types) => common.filter((each) => types.includes(each)));
    const typename = possible[this.hash(`type ${origin}`) % possible.length];
    if (typename === undefined) throw new Error(`Expected a possible type of ${type}; got none.`);
    if (!this.catalog.isEntity(typename)) return { __typename: typename, identity: origin };
    // An entity that is a part of a key stands for one entity only.
    const index = facts.isKey ? indexOf(parent) : this.hash(`which ${origin}`);
    return entityOf(typename, index % population);
  }

  private hash(text: string): number {
    return hashOf(`${this.options.seed} ${text}`);
  }
}

/** The object that root fields belong to. */
export function rootObject(typename: string): WorldObject {
  return { __typename: typename, identity: typename };
}

function entityOf(typename: string, index: number): WorldObject {
  return { __typename: typename, identity: `${typename}-${index}` };
}

function indexOf({ identity }: WorldObject): number {
  return Number(/-(\d+)$/.exec(identity)?.[1] ?? 0);
}

function isWorldObject(value: unknown): value is WorldObject {
  return typeof value === 'object' && value !== null && 'identity' in value;
}

/** The one value in objects that have one field each. */
function innermost(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return innermost(Object.values(value)[0] ?? null);
}

function keyValue(type: string, origin: string): unknown {
  return type === 'Int' ? hashOf(origin) >>> 1 : origin;
}

function withProvided(
  value: unknown,
  field: string,
  object: WorldObject,
  facts: FieldFacts,
  subgraph: string,
): unknown {
  const provided =
    facts.provides.get(subgraph) ?? selectionOf(object.provided, field)?.selectionSet;
  return provided ? providing(value, provided) : value;
}

function providing(value: unknown, provided: SelectionSetNode): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => providing(item, provided));
  return isWorldObject(value) ? { ...value, provided } : value;
}

function selectionOf(
  set: SelectionSetNode | undefined,
  field: string,
): { readonly selectionSet?: SelectionSetNode } | undefined {
  for (const selection of set?.selections ?? []) {
    if (selection.kind === Kind.FIELD && selection.name.value === field) return selection;
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const found = selectionOf(selection.selectionSet, field);
      if (found) return found;
    }
  }
  return undefined;
}

/** True when all fields of the second set are in the first. */
function covers(set: SelectionSetNode | undefined, wanted: SelectionSetNode): boolean {
  return wanted.selections.every((selection) => {
    if (selection.kind === Kind.INLINE_FRAGMENT) return covers(set, selection.selectionSet);
    if (selection.kind !== Kind.FIELD) return false;
    const found = selectionOf(set, selection.name.value);
    if (!found) return false;
    return !selection.selectionSet || covers(found.selectionSet, selection.selectionSet);
  });
}

/** True when the first value is the second but for nulls in some places. */
function isIncomplete(given: unknown, full: unknown): boolean {
  if (given === null || given === undefined) return full !== null;
  if (Array.isArray(given) && Array.isArray(full))
    return given.some((item, index) => isIncomplete(item, full[index]));
  if (typeof given !== 'object' || typeof full !== 'object' || full === null) return false;
  return Object.entries(full).some(([name, value]) =>
    isIncomplete((given as Readonly<Record<string, unknown>>)[name], value),
  );
}

/** The parts of a representation that a field set names, in its order. */
function projectValue(value: unknown, set: SelectionSetNode): unknown {
  if (Array.isArray(value)) return value.map((item) => projectValue(item, set));
  if (typeof value !== 'object' || value === null) return null;
  const source = value as Readonly<Record<string, unknown>>;
  const values: Record<string, unknown> = {};
  for (const selection of set.selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      if (selection.typeCondition?.name.value !== source.__typename) continue;
      Object.assign(values, projectValue(source, selection.selectionSet));
    }
    if (selection.kind !== Kind.FIELD) continue;
    const { name, selectionSet } = selection;
    const own = source[name.value];
    values[name.value] = selectionSet ? projectValue(own, selectionSet) : own;
  }
  return values;
}

function argumentText(args: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(args).sort();
  if (names.length === 0) return '';
  return `(${names.map((name) => `${name}: ${JSON.stringify(args[name])}`).join(', ')})`;
}
