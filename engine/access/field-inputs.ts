import {
  type ConstObjectValueNode,
  type FieldDefinitionNode,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';

/** The type information needed to follow a field set. */
export interface TypeLookup {
  /** The named type of a field. */
  fieldType(type: string, field: string): string | undefined;
  /** The possible object types of a type: an object type itself; none for a leaf type. */
  objectsOf(type: string): readonly string[];
  /** The types that set a context. */
  typesOfContext(context: string): readonly string[];
}

/** An input of a field: a field of an object type, or a type of a value. */
export type FieldInput =
  | { readonly kind: 'field'; readonly coordinate: string }
  | { readonly kind: 'type'; readonly name: string };

/** The inputs that a field reads through `@requires` and `@fromContext`, in the form that composition writes. */
export function inputsOf(
  type: string,
  { directives = [] }: FieldDefinitionNode,
  lookup: TypeLookup,
): readonly FieldInput[] {
  return directives.flatMap(({ name, arguments: args = [] }) => {
    if (name.value !== 'join__field') return [];
    return args.flatMap(({ name: argument, value }) => {
      if (argument.value === 'requires' && value.kind === Kind.STRING) {
        return selectedIn(type, fieldSet(value.value), lookup);
      }
      if (argument.value !== 'contextArguments' || value.kind !== Kind.LIST) return [];
      return value.values.flatMap((item) =>
        item.kind === Kind.OBJECT ? fromContext(item, lookup) : [],
      );
    });
  });
}

function fromContext(item: ConstObjectValueNode, lookup: TypeLookup): FieldInput[] {
  const text = (key: string): string => {
    const value = item.fields.find(({ name }) => name.value === key)?.value;
    return value?.kind === Kind.STRING ? value.value : '';
  };
  const selection = text('selection');
  if (selection === '') return [];
  return lookup
    .typesOfContext(text('context'))
    .flatMap((type) => selectedIn(type, fieldSet(selection), lookup));
}

function selectedIn(
  type: string,
  { selections }: SelectionSetNode,
  lookup: TypeLookup,
): FieldInput[] {
  const objects = lookup.objectsOf(type);
  return selections.flatMap((selection): FieldInput[] => {
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      return selectedIn(
        selection.typeCondition?.name.value ?? type,
        selection.selectionSet,
        lookup,
      );
    }
    if (selection.kind !== Kind.FIELD || selection.name.value === '__typename') return [];
    const name = selection.name.value;
    const read = objects.flatMap((object): FieldInput[] => [
      { kind: 'type', name: object },
      { kind: 'field', coordinate: `${object}.${name}` },
    ]);
    const valueType = lookup.fieldType(type, name);
    if (valueType === undefined) return read;
    if (selection.selectionSet) {
      return [...read, ...selectedIn(valueType, selection.selectionSet, lookup)];
    }
    return [...read, { kind: 'type', name: valueType }];
  });
}

function fieldSet(text: string): SelectionSetNode {
  const trimmed = text.trim();
  const { definitions } = parse(trimmed.startsWith('{') ? trimmed : `{${trimmed}}`, {
    noLocation: true,
  });
  const [operation] = definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION)
    throw new Error(`Expected a field set: ${text}`);
  return operation.selectionSet;
}
