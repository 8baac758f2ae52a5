import {
  getNamedType,
  getNullableType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isListType,
} from 'graphql';
import { greatest } from '../../../common/greatest.ts';
import type { CostDirectives, ListSize } from './directives.ts';

type Field = GraphQLField<unknown, unknown>;

/** The costs of a schema's fields. */
export interface FieldCosts {
  /**
   * The weight of one value of a field: the field's own, or else its type's. The default is 1 for objects and 0 for
   * scalars and enums.
   */
  weightOf(parent: GraphQLCompositeType, field: Field): number;
  listSizeOf(parent: GraphQLCompositeType, field: Field): ListSize | undefined;
}

/** Creates the costs of a schema. An abstract type costs as much as its most expensive possible type. */
export function createFieldCosts(schema: GraphQLSchema, directives: CostDirectives): FieldCosts {
  const { types, elements, listSizes } = directives;
  const typesOf = (type: GraphQLCompositeType): readonly { readonly name: string }[] =>
    isAbstractType(type) ? [type, ...schema.getPossibleTypes(type)] : [type];

  const weightOfType = (field: Field): number => {
    const type = getNamedType(field.type);
    if (!isCompositeType(type)) return types.get(type.name) ?? 0;
    if (!isAbstractType(type)) return types.get(type.name) ?? 1;
    return greatest(
      schema.getPossibleTypes(type).map(({ name }) => types.get(name) ?? 1),
      1,
    );
  };

  return {
    weightOf(parent, field) {
      const own = typesOf(parent).flatMap(
        ({ name }) => elements.get(`${name}.${field.name}`) ?? [],
      );
      return own.length > 0 ? greatest(own, Number.NEGATIVE_INFINITY) : weightOfType(field);
    },
    listSizeOf(parent, field) {
      for (const { name } of typesOf(parent)) {
        const listSize = listSizes.get(`${name}.${field.name}`);
        if (listSize) return listSize;
      }
      return undefined;
    },
  };
}

/** Whether the field returns a list. */
export function isList({ type }: Field): boolean {
  return isListType(getNullableType(type));
}
