import {
  GraphQLError,
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  type GraphQLInputType,
  type GraphQLSchema,
  GraphQLString,
  isInputType,
  isNonNullType,
  Kind,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import { coercionErrors } from './coercion-errors.ts';

/** The variables of a request as the client sent them. */
export type RawVariables = Readonly<Record<string, unknown>>;

/** The most errors reported for invalid variables. */
const variableErrorsMax = 10;

/**
 * Checks variables against their definitions (GraphQL spec §6.1.2); returns the errors, or `undefined` when all are
 * valid.
 */
export type VariableCheck = (raw: RawVariables) => readonly GraphQLError[] | undefined;

/**
 * Compiles the check. Variables of built-in scalar types, by far the most common, are checked without graphql-js. The
 * variables in `conditionNames`, which `@skip` and `@include` use, must not be null, even when a default makes their
 * type nullable (§6.4.1).
 */
export function compileVariableCheck(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
  conditionNames: readonly string[] = [],
): VariableCheck {
  const typed = definitions.flatMap((definition) => {
    const type = typeFromAST(schema, definition.type);
    return isInputType(type) ? [{ definition, type }] : [];
  });
  const checks = definitions.map((definition) => quickCheck(schema, definition));
  const conditions = definitions.filter(({ variable }) =>
    conditionNames.includes(variable.name.value),
  );
  const nullConditions = (raw: RawVariables): readonly GraphQLError[] | undefined => {
    if (conditions.every(({ variable }) => raw[variable.name.value] !== null)) return undefined;
    return conditions
      .filter(({ variable }) => raw[variable.name.value] === null)
      .slice(0, variableErrorsMax)
      .map((definition) => asBadInput(new GraphQLError(nullCondition, { nodes: definition })));
  };
  return (raw) => {
    if (checks.every((isRight) => isRight(raw))) return nullConditions(raw);
    const given = typed.map(({ definition, type }) => {
      const name = definition.variable.name.value;
      return { definition, type, value: Object.hasOwn(raw, name) ? raw[name] : undefined };
    });
    const errors = coercionErrors(given, variableErrorsMax);
    return errors.length > 0 ? errors.map(asBadInput) : nullConditions(raw);
  };
}

/** The wording of graphql-js, which reports this while it collects fields. */
const nullCondition = 'Argument "if" of non-null type "Boolean!" must not be null.';

/** The client's variables during execution, as JSON text for subgraphs. */
export class ClientVariables {
  private readonly raw: RawVariables;
  private texts: Map<string, string> | undefined;

  constructor(raw: RawVariables) {
    this.raw = raw;
  }

  /** The value as JSON text; `undefined` when the client sent none. */
  textOf(name: string): string | undefined {
    const known = this.texts?.get(name);
    if (known !== undefined) return known;
    const value = Object.hasOwn(this.raw, name) ? this.raw[name] : undefined;
    if (value === undefined) return undefined;
    const text = JSON.stringify(value);
    (this.texts ??= new Map()).set(name, text);
    return text;
  }
}

/** The values of the Boolean variables that conditions depend on, with defaults applied. */
export function conditionValues(
  definitions: readonly VariableDefinitionNode[],
  names: readonly string[],
  raw: RawVariables,
): ReadonlyMap<string, boolean> {
  const values = new Map<string, boolean>();
  for (const name of names) {
    const given = Object.hasOwn(raw, name) ? raw[name] : undefined;
    values.set(name, given === undefined ? defaultOf(definitions, name) : given === true);
  }
  return values;
}

function asBadInput(error: GraphQLError): GraphQLError {
  return new GraphQLError(error.message, {
    nodes: error.nodes,
    originalError: error.originalError,
    extensions: { ...error.extensions, code: 'BAD_USER_INPUT' },
  });
}

function defaultOf(definitions: readonly VariableDefinitionNode[], name: string): boolean {
  const definition = definitions.find(({ variable }) => variable.name.value === name);
  return definition?.defaultValue?.kind === Kind.BOOLEAN && definition.defaultValue.value;
}

/** A quick check: it may reject a valid value, and never accepts an invalid one. */
function quickCheck(
  schema: GraphQLSchema,
  { variable, type: typeNode, defaultValue }: VariableDefinitionNode,
): (raw: RawVariables) => boolean {
  const name = variable.name.value;
  const type = typeFromAST(schema, typeNode);
  if (!isInputType(type)) return () => false;
  const isNonNull = isNonNullType(type);
  const isRight = scalarCheck(isNonNull ? type.ofType : type);
  const mayBeAbsent = !isNonNull || defaultValue !== undefined;
  return (raw) => {
    const value = Object.hasOwn(raw, name) ? raw[name] : undefined;
    if (value === undefined) return mayBeAbsent;
    return value === null ? !isNonNull : isRight(value);
  };
}

function scalarCheck(type: GraphQLInputType): (value: unknown) => boolean {
  switch (type) {
    case GraphQLString:
      return (value) => typeof value === 'string';
    case GraphQLID:
      return (value) => typeof value === 'string' || Number.isInteger(value);
    case GraphQLInt:
      return (value) => typeof value === 'number' && (value | 0) === value;
    case GraphQLFloat:
      return Number.isFinite;
    case GraphQLBoolean:
      return (value) => typeof value === 'boolean';
    default:
      return () => false;
  }
}
