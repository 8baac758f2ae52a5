import {
  type DefinitionNode,
  type DocumentNode,
  type EnumTypeDefinitionNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type InputObjectTypeDefinitionNode,
  type InputValueDefinitionNode,
  type InterfaceTypeDefinitionNode,
  isTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type TypeDefinitionNode,
  type TypeNode,
} from 'graphql';
import { tagsOf } from './tags.ts';

/** Which tags a contract shows and which it hides. */
export interface TagFilter {
  /** Fields need one of them, on themselves or on their type; with none, all are shown that are not excluded. */
  readonly include: readonly string[];
  /** What has one of them is hidden, even when it has one of `include`, too. */
  readonly exclude: readonly string[];
}

/** What of a supergraph a contract hides. */
export type HiddenElement =
  TypeDefinitionNode | FieldDefinitionNode | InputValueDefinitionNode | EnumValueDefinitionNode;

/** The names of directives in a supergraph. */
export interface DirectiveNames {
  readonly tag: string;
  readonly inaccessible: string;
}

/**
 * The elements of a supergraph that a filter by tags hides, with those that are hidden already: what it excludes, types
 * with nothing left in them, and types that no operation reaches any longer. Arguments, input fields, enum values and all
 * types but objects and interfaces need no included tag: they follow the fields that need them.
 */
export function hiddenElements(
  document: DocumentNode,
  { include, exclude }: TagFilter,
  names: DirectiveNames,
): ReadonlySet<HiddenElement> {
  const types = new Map(
    document.definitions.filter(isComposedType).map((type) => [type.name.value, type]),
  );
  const hidden = new Set<HiddenElement>();
  const tags = (element: HiddenElement): readonly string[] => tagsOf(element, names.tag);
  const isExcluded = (element: HiddenElement): boolean =>
    tags(element).some((tag) => exclude.includes(tag)) ||
    element.directives?.some(({ name }) => name.value === names.inaccessible) === true;
  const isIncluded = (element: HiddenElement): boolean =>
    include.length === 0 || tags(element).some((tag) => include.includes(tag));

  for (const type of types.values()) {
    if (isExcluded(type)) hidden.add(type);
    for (const member of membersOf(type)) {
      const isShown = isComposite(type) ? isIncluded(type) || isIncluded(member) : true;
      if (isExcluded(member) || !isShown) hidden.add(member);
      for (const argument of argumentsOf(member)) if (isExcluded(argument)) hidden.add(argument);
    }
  }
  hideEmpty(types, hidden);
  const reached = reachedTypes(document, types, hidden);
  for (const [name, type] of types) if (!reached.has(name)) hidden.add(type);
  return hidden;
}

type Types = ReadonlyMap<string, TypeDefinitionNode>;

/** Composition gives a type of a subgraph `@join__type`; what else is in a supergraph belongs to its specifications. */
function isComposedType(definition: DefinitionNode): definition is TypeDefinitionNode {
  return (
    isTypeDefinitionNode(definition) &&
    definition.directives?.some(({ name }) => name.value === 'join__type') === true
  );
}

type CompositeType = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

function isComposite(type: TypeDefinitionNode): type is CompositeType {
  return type.kind === Kind.OBJECT_TYPE_DEFINITION || type.kind === Kind.INTERFACE_TYPE_DEFINITION;
}

type Member = FieldDefinitionNode | InputValueDefinitionNode | EnumValueDefinitionNode;

function membersOf(type: TypeDefinitionNode): readonly Member[] {
  if (hasFields(type)) return type.fields ?? [];
  return hasValues(type) ? (type.values ?? []) : [];
}

function hasFields(
  type: TypeDefinitionNode,
): type is CompositeType | InputObjectTypeDefinitionNode {
  return isComposite(type) || type.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION;
}

function hasValues(type: TypeDefinitionNode): type is EnumTypeDefinitionNode {
  return type.kind === Kind.ENUM_TYPE_DEFINITION;
}

function argumentsOf(member: Member): readonly InputValueDefinitionNode[] {
  return member.kind === Kind.FIELD_DEFINITION ? (member.arguments ?? []) : [];
}

function hideEmpty(types: Types, hidden: Set<HiddenElement>): void {
  for (const type of types.values()) {
    const members = membersOf(type);
    if (members.length > 0 && members.every((member) => hidden.has(member))) hidden.add(type);
  }
  for (const type of types.values()) {
    if (type.kind !== Kind.UNION_TYPE_DEFINITION) continue;
    const members = (type.types ?? []).map(({ name }) => types.get(name.value));
    if (members.every((member) => !member || hidden.has(member))) hidden.add(type);
  }
}

function reachedTypes(
  { definitions }: DocumentNode,
  types: Types,
  hidden: ReadonlySet<HiddenElement>,
): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = definitions.flatMap((each) => {
    if (each.kind === Kind.DIRECTIVE_DEFINITION) {
      return (each.arguments ?? []).map(({ type }) => namedType(type));
    }
    return each.kind === Kind.SCHEMA_DEFINITION
      ? each.operationTypes.map(({ type }) => type.name.value)
      : [];
  });
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const type = types.get(name);
    if (!type || hidden.has(type) || reached.has(name)) continue;
    reached.add(name);
    for (const each of [namesIn(type, hidden), behind(type, types)].flat()) waiting.push(each);
  }
  return reached;
}

/** The types that a type names. */
function namesIn(type: TypeDefinitionNode, hidden: ReadonlySet<HiddenElement>): readonly string[] {
  if (type.kind === Kind.UNION_TYPE_DEFINITION) {
    return (type.types ?? []).map(({ name }) => name.value);
  }
  if (!hasFields(type)) return [];
  const fields: readonly (FieldDefinitionNode | InputValueDefinitionNode)[] = type.fields ?? [];
  const shown = fields.filter((field) => !hidden.has(field));
  return [
    ...shown.map((field) => namedType(field.type)),
    ...shown
      .flatMap(argumentsOf)
      .filter((argument) => !hidden.has(argument))
      .map((argument) => namedType(argument.type)),
    ...(isComposite(type) ? (type.interfaces ?? []).map(({ name }) => name.value) : []),
  ];
}

/** The types that implement an interface. */
function behind(type: TypeDefinitionNode, types: Types): readonly string[] {
  if (type.kind !== Kind.INTERFACE_TYPE_DEFINITION) return [];
  return [...types.values()]
    .filter(
      (each) =>
        isComposite(each) && each.interfaces?.some(({ name }) => name.value === type.name.value),
    )
    .map(({ name }) => name.value);
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}
