import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type NamedTypeNode,
  type ObjectTypeDefinitionNode,
  type TypeDefinitionNode,
  type TypeNode,
} from 'graphql';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { allOf, type Clause, Clauses, isImplied, nothing, type Requirement } from './clause.ts';
import { createDirectiveReader } from './declared.ts';
import { inputsOf, type TypeLookup } from './field-inputs.ts';

/** What a supergraph requires of viewers, by coordinate. Object types include everything their interfaces state. */
export interface RequirementIndex {
  /** True when nothing is required anywhere. */
  readonly isEmpty: boolean;
  /** The requirement of an object type, a scalar or an enum. */
  ofType(name: string): Requirement;
  /** The requirement of an object type's field, without those of its parent type and its value's type. */
  ofField(type: string, field: string): Requirement;
}

/**
 * Reads the access directives of a supergraph document, into which composition has merged those of the subgraphs.
 *
 * Composition writes the combined requirements of the object types on their interface. Those apply to reads of the
 * interface without a type condition, so they are not repeated here. Compositions before 2.12.1 allowed an interface to
 * state more than its object types; that is then applied to each of them (GHSA-mx7m-j9xf-62hw). A field also gets the
 * requirements of its `@requires` and `@fromContext` inputs, which compositions before 2.12.1 did not enforce
 * (GHSA-m8jr-fxqx-8xx6).
 */
export function createRequirementIndex({
  document,
  features,
}: Pick<Supergraph, 'document' | 'features'>): RequirementIndex {
  const declared = createDirectiveReader(features, new Clauses());
  const types = new Map<string, Requirement>();
  const fields = new Map<string, Requirement>();
  const composites = new Map<string, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode>();

  for (const definition of document.definitions) {
    if (!isTypeDefinition(definition)) continue;
    add(types, definition.name.value, declared(definition));
    if (
      definition.kind !== Kind.OBJECT_TYPE_DEFINITION &&
      definition.kind !== Kind.INTERFACE_TYPE_DEFINITION
    )
      continue;
    composites.set(definition.name.value, definition);
    for (const field of definition.fields ?? []) {
      const requirement = declared(field);
      if (requirement.length > 0)
        add(fields, `${definition.name.value}.${field.name.value}`, requirement);
    }
  }

  if (types.size > 0 || fields.size > 0) {
    inherit(composites, types, fields);
    addInputs(composites, document, types, fields);
  }
  return {
    isEmpty: types.size === 0 && fields.size === 0,
    ofType: (name) => types.get(name) ?? nothing,
    ofField: (type, field) => fields.get(`${type}.${field}`) ?? nothing,
  };
}

type Requirements = Map<string, Requirement>;
type Composites = ReadonlyMap<string, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode>;

function add(to: Requirements, key: string, requirement: Requirement): void {
  const all = allOf([to.get(key) ?? nothing, requirement]);
  if (all.length > 0) to.set(key, all);
}

/** Applies to object types what only their interfaces state. */
function inherit(composites: Composites, types: Requirements, fields: Requirements): void {
  const objects = [...composites.values()].filter(
    ({ kind }) => kind === Kind.OBJECT_TYPE_DEFINITION,
  );
  for (const { kind, name, fields: definitions = [] } of composites.values()) {
    if (kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    const members = objects.filter(({ interfaces }) => isAmong(interfaces, name.value));
    spread(
      types,
      name.value,
      members.map((member) => member.name.value),
    );
    for (const field of definitions) {
      const coordinates = members.map((member) => `${member.name.value}.${field.name.value}`);
      spread(fields, `${name.value}.${field.name.value}`, coordinates);
    }
  }
}

function spread(requirements: Requirements, from: string, to: readonly string[]): void {
  const own = requirements.get(from) ?? nothing;
  const theirs = to.map((key) => requirements.get(key) ?? nothing);
  const missing = own.filter((clause: Clause) => !isImplied(clause, theirs));
  for (const key of to) add(requirements, key, missing);
}

/** A field can reveal its inputs, and those reveal theirs. */
function addInputs(
  composites: Composites,
  document: DocumentNode,
  types: Requirements,
  fields: Requirements,
): void {
  const lookup = lookupIn(composites, document);
  const inputs = [...composites.values()].flatMap((type) =>
    (type.fields ?? []).map((field) => ({
      coordinate: `${type.name.value}.${field.name.value}`,
      inputs: inputsOf(type.name.value, field, lookup),
    })),
  );
  const dependent = inputs.filter((each) => each.inputs.length > 0);
  let before = -1;
  for (let known = countOf(fields); known !== before; before = known, known = countOf(fields)) {
    for (const each of dependent) {
      for (const input of each.inputs) {
        const required =
          input.kind === 'field' ? fields.get(input.coordinate) : types.get(input.name);
        add(fields, each.coordinate, required ?? nothing);
      }
    }
  }
}

function countOf(requirements: Requirements): number {
  let count = 0;
  for (const requirement of requirements.values()) count += requirement.length;
  return count;
}

function lookupIn(composites: Composites, { definitions }: DocumentNode): TypeLookup {
  const contexts = new Map<string, string[]>();
  const objects = new Map<string, string[]>();
  const put = (map: Map<string, string[]>, key: string, name: string): void => {
    map.set(key, [...(map.get(key) ?? []), name]);
  };
  for (const definition of definitions) {
    if (!isTypeDefinition(definition)) continue;
    const name = definition.name.value;
    for (const context of contextsOf(definition.directives ?? [])) put(contexts, context, name);
    if (definition.kind === Kind.UNION_TYPE_DEFINITION) {
      for (const member of definition.types ?? []) put(objects, name, member.name.value);
    }
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    put(objects, name, name);
    for (const { name: of } of definition.interfaces ?? []) put(objects, of.value, name);
  }
  return {
    fieldType: (type, field) => {
      const definition = composites.get(type)?.fields?.find(({ name }) => name.value === field);
      return definition && namedTypeOf(definition);
    },
    objectsOf: (type) => objects.get(type) ?? [],
    typesOfContext: (context) => contexts.get(context) ?? [],
  };
}

/** The contexts that a type sets, under any name of the linked directive. */
function contextsOf(directives: readonly ConstDirectiveNode[]): string[] {
  return directives.flatMap(({ name, arguments: args = [] }) => {
    if (!/(?:^|_)context$/.test(name.value)) return [];
    const value = args.find((each) => each.name.value === 'name')?.value;
    return value?.kind === Kind.STRING ? [value.value] : [];
  });
}

function namedTypeOf({ type }: FieldDefinitionNode): string {
  let named: TypeNode = type;
  while (named.kind !== Kind.NAMED_TYPE) named = named.type;
  return named.name.value;
}

function isAmong(interfaces: readonly NamedTypeNode[] | undefined, name: string): boolean {
  return interfaces?.some((each) => each.name.value === name) === true;
}

function isTypeDefinition(definition: { readonly kind: string }): definition is TypeDefinitionNode {
  return definition.kind.endsWith('TypeDefinition');
}
