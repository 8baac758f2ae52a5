import {
  type DocumentNode,
  executeSync,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
} from 'graphql';
import { messageOf } from '../../common/errors.ts';
import { nestingMax, nestingProblem, parsingProblem } from '../../common/parse-cost.ts';
import type { SubgraphResponse } from '../fetching/types.ts';
import type { EventField } from '../supergraph/event-fields.ts';

/** The operation that a subgraph with a server would be subscribed to by. */
export interface EventOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly field: EventField;
  /** The characters of an event. */
  readonly maxChars: number;
}

/**
 * Turns what a channel sent into the response that a subgraph would send for it. Anything else becomes an
 * error of the field.
 */
export function readEvent(text: string, operation: EventOperation): SubgraphResponse {
  try {
    return responseTo(payloadOf(text, operation), operation);
  } catch (error) {
    const { channel, name } = operation.field;
    const message = `An event for "${name}" (${channel.texts.join('…')}) ${messageOf(error)}`;
    const errors = [{ message, extensions: { code: 'SUBGRAPH_ERROR' } }];
    return { body: JSON.stringify({ errors }), cacheControl: undefined };
  }
}

/** The response for an event that is known to have the right form. */
export function responseTo(
  entity: Readonly<Record<string, unknown>>,
  { schema, document, variables, field }: EventOperation,
): SubgraphResponse {
  const result = executeSync({
    schema,
    document,
    rootValue: { [field.name]: entity },
    variableValues: variables,
  });
  return { body: JSON.stringify(result), cacheControl: undefined, entity };
}

function payloadOf(
  text: string,
  { schema, field, maxChars }: EventOperation,
): Readonly<Record<string, unknown>> {
  if (text.length > maxChars) throw new Error(`has more than ${maxChars} characters.`);
  const reason = parsingProblem(text);
  if (reason !== undefined) throw new Error(reason);
  let payload: unknown;
  try {
    payload = JSON.parse(text);
  } catch (error) {
    throw new Error(`is not JSON: ${messageOf(error)}`, { cause: error });
  }
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    throw new Error('is not an object.');
  }
  if (nests(payload, nestingMax)) throw new Error(nestingProblem);
  const name: unknown = '__typename' in payload ? payload.__typename : undefined;
  if (typeof name !== 'string') throw new Error('has no "__typename".');
  const expected = schema.getType(field.type);
  const type = schema.getType(name);
  const isRight =
    isObjectType(type) &&
    (type === expected || (isAbstractType(expected) && schema.isSubType(expected, type)));
  if (!isRight)
    throw new Error(
      `has the "__typename" ${JSON.stringify(name.slice(0, 100))}, which is not of the type ${field.type}.`,
    );
  return payload as Readonly<Record<string, unknown>>;
}

function nests(value: object, levels: number): boolean {
  if (levels === 0) return true;
  return Object.values(value).some(
    (each: unknown) => typeof each === 'object' && each !== null && nests(each, levels - 1),
  );
}
