import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** A selection of a valid document with its meaning on its type. */
export type TypedSelection =
  | {
      readonly kind: 'field';
      readonly node: FieldNode;
      readonly parent: GraphQLCompositeType;
      readonly definition: GraphQLField<unknown, unknown>;
    }
  | {
      readonly kind: 'fragment';
      readonly node: SelectionNode;
      readonly type: GraphQLCompositeType;
      readonly set: SelectionSetNode;
    };

/** Returns the selections of a selection set on a type, without `__typename` and introspection. */
export type SelectionsOf = (
  set: SelectionSetNode,
  type: GraphQLCompositeType,
) => readonly TypedSelection[];

/** Creates a reader for selection sets of a document that is valid on the schema. */
export function createSelectionsOf(document: DocumentNode, schema: GraphQLSchema): SelectionsOf {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  const typeNamed = (name: string): GraphQLCompositeType | undefined => {
    const type = schema.getType(name);
    return isCompositeType(type) ? type : undefined;
  };

  const read = (node: SelectionNode, parent: GraphQLCompositeType): TypedSelection[] => {
    switch (node.kind) {
      case Kind.FIELD: {
        const definition = fieldOf(parent, node.name.value);
        return definition ? [{ kind: 'field', node, parent, definition }] : [];
      }
      case Kind.INLINE_FRAGMENT: {
        const name = node.typeCondition?.name.value;
        const type = name === undefined ? parent : typeNamed(name);
        return type ? [{ kind: 'fragment', node, type, set: node.selectionSet }] : [];
      }
      case Kind.FRAGMENT_SPREAD: {
        const fragment = fragments.get(node.name.value);
        const type = fragment && typeNamed(fragment.typeCondition.name.value);
        return type ? [{ kind: 'fragment', node, type, set: fragment.selectionSet }] : [];
      }
    }
  };
  return ({ selections }, type) => selections.flatMap((node) => read(node, type));
}

function fieldOf(
  type: GraphQLCompositeType,
  name: string,
): GraphQLField<unknown, unknown> | undefined {
  if (!isObjectType(type) && !isInterfaceType(type)) return undefined;
  const fields = type.getFields();
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
