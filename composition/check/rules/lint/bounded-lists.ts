import {
  getNamedType,
  getNullableType,
  type GraphQLField,
  type GraphQLNamedType,
  isInterfaceType,
  isListType,
  isObjectType,
} from 'graphql';
import { readCostDirectives } from '../../../../engine/limits/cost/directives.ts';
import { directiveName } from '../../../../engine/supergraph/features.ts';
import { definedTypes } from '../../api-rule.ts';
import type { Change } from '../../change.ts';
import type { Rule } from '../../comparison.ts';
import type { Side } from '../../side.ts';
import { changedMembers } from './changed-members.ts';

/** Arguments that bound the length of a list. */
const sizing: ReadonlySet<string> = new Set([
  ...['first', 'last', 'limit', 'size', 'pageSize', 'take', 'top'],
]);

/** New fields, and fields with a new type, bound their lists by an argument or `@listSize`. */
export const boundedLists: Rule = (comparison) => {
  const { retyped } = changedMembers(comparison);
  const { api } = comparison.head;
  const isBounded = boundsOf(comparison.head);
  return definedTypes(api).flatMap((type) =>
    fieldsOf(type)
      .filter(({ name }) => retyped.has(`${type.name}.${name}`))
      .filter((field) => isListType(getNullableType(field.type)))
      .filter(
        (field) =>
          !field.args.some(({ name }) => sizing.has(name)) && !isBounded(type.name, field.name),
      )
      .map(({ name }): Change => ({
        code: 'LINT_UNBOUNDED_LIST',
        message: `${type.name}.${name} returns a list of any length.`,
        coordinate: `${type.name}.${name}`,
        in: 'head',
      })),
  );
};

type Field = GraphQLField<unknown, unknown>;

function fieldsOf(type: GraphQLNamedType): readonly Field[] {
  return isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
}

/** Whether `@listSize` bounds the field, directly or through `sizedFields` of a field that returns its parent. */
function boundsOf({ api, supergraph }: Side): (type: string, field: string) => boolean {
  const feature = supergraph.features.find(({ name }) => name === 'cost');
  if (!feature) return () => false;
  const [cost, listSize] = ['cost', 'listSize'].map((name) => directiveName(feature, name));
  const { listSizes } = readCostDirectives(supergraph.document, { cost, listSize });
  const sized = new Set(
    definedTypes(api).flatMap((type) =>
      fieldsOf(type).flatMap((field) =>
        (listSizes.get(`${type.name}.${field.name}`)?.sizedFields ?? []).map(
          (each) => `${getNamedType(field.type).name}.${each}`,
        ),
      ),
    ),
  );
  return (type, field) => listSizes.has(`${type}.${field}`) || sized.has(`${type}.${field}`);
}
