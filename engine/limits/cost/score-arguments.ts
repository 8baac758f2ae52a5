import {
  type FieldNode,
  getNamedType,
  getNullableType,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  isInputObjectType,
  isListType,
  Kind,
  type ValueNode,
} from 'graphql';
import type { CostDirectives } from './directives.ts';
import { constant, type Expression, map, sum } from './expression.ts';
import type { VariableReader } from './values.ts';

/** An argument or an input field. */
type Input = GraphQLArgument | GraphQLInputField;

/**
 * The cost of a field's arguments: 1 per input object plus its fields, nothing for other values, unless `@cost` sets a
 * weight.
 */
export function scoreArguments(
  field: FieldNode,
  key: string,
  definitions: readonly GraphQLArgument[],
  directives: CostDirectives,
  variable: VariableReader,
): Expression<number> {
  return sum(
    (field.arguments ?? []).map(({ name, value }) => {
      const definition = definitions.find((each) => each.name === name.value);
      return definition
        ? scoreNode(
            value,
            definition.type,
            weightOf(definition, key, directives),
            directives,
            variable,
          )
        : constant(0);
    }),
  );
}

function weightOf(
  { name, type }: Input,
  owner: string,
  { elements, types }: CostDirectives,
): number | undefined {
  return elements.get(`${owner}.${name}`) ?? types.get(getNamedType(type).name);
}

/** `weight` is the `@cost` weight of the argument or input field that the value is for. */
function scoreNode(
  node: ValueNode,
  type: GraphQLInputType,
  weight: number | undefined,
  directives: CostDirectives,
  variable: VariableReader,
): Expression<number> {
  switch (node.kind) {
    case Kind.NULL:
      return constant(0);
    case Kind.VARIABLE:
      return isFree(type, weight)
        ? constant(0)
        : map(variable(node.name.value), (value) => scoreValue(value, type, weight, directives));
    case Kind.LIST:
      return sum([
        constant(weight ?? 0),
        ...node.values.map((item) => scoreNode(item, itemType(type), weight, directives, variable)),
      ]);
    case Kind.OBJECT: {
      const named = getNamedType(type);
      if (!isInputObjectType(named)) return constant(weight ?? 0);
      const fields = named.getFields();
      return sum([
        constant(weight ?? 1),
        ...node.fields.map(({ name, value }) => {
          const field = Object.hasOwn(fields, name.value) ? fields[name.value] : undefined;
          if (!field) return constant(0);
          const inner = weightOf(field, named.name, directives);
          return scoreNode(value, field.type, inner, directives, variable);
        }),
      ]);
    }
    default:
      return constant(weight ?? 0);
  }
}

/** The same for a JSON value, whose depth has been checked. */
function scoreValue(
  value: unknown,
  type: GraphQLInputType,
  weight: number | undefined,
  directives: CostDirectives,
): number {
  if (value === null || value === undefined) return 0;
  if (Array.isArray(value)) {
    let score = weight ?? 0;
    if (isFree(type, weight)) return score;
    for (const item of value) score += scoreValue(item, itemType(type), weight, directives);
    return score;
  }
  const named = getNamedType(type);
  if (typeof value !== 'object' || !isInputObjectType(named)) return weight ?? 0;
  const fields = named.getFields();
  let score = weight ?? 1;
  // Iterates the type's fields: a client's object may have any number of others.
  for (const [name, field] of Object.entries(fields)) {
    if (!Object.hasOwn(value, name)) continue;
    const member = (value as Readonly<Record<string, unknown>>)[name];
    score += scoreValue(member, field.type, weightOf(field, named.name, directives), directives);
  }
  return score;
}

/** Whether values of the type never cost anything, so that none has to be read. */
function isFree(type: GraphQLInputType, weight: number | undefined): boolean {
  return weight === undefined && !isInputObjectType(getNamedType(type));
}

function itemType(type: GraphQLInputType): GraphQLInputType {
  const nullable = getNullableType(type);
  return isListType(nullable) ? nullable.ofType : type;
}
