import type { ServerResponse } from 'node:http';
import {
  createSourceEventStream,
  execute,
  type ExecutionResult,
  getOperationAST,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { subscriptionConditionIn } from '../../../common/subscription-condition.ts';
import { untilDrained } from '../../../common/until-drained.ts';

/** The body of the request. */
export interface EventsRequest {
  readonly query?: unknown;
  readonly operationName?: unknown;
  readonly variables?: unknown;
}

/** The dependencies of serving events. */
export interface EventsDependencies {
  readonly schema: GraphQLSchema;
  /** Creates the context of one event; contexts are not shared because they cache what they load. */
  readonly context: () => unknown;
  /** Logs an error, and formats it for the caller. */
  readonly format: (error: GraphQLError) => GraphQLFormattedError;
}

/** How often a quiet stream gets a comment, so that both ends see that it is alive. */
const heartbeatMs = 10_000;

/**
 * Answers a subscription by the distinct connections mode of graphql-sse. The response ends without `complete` when
 * `stopping` is aborted. Ends the subscription as soon as its caller leaves.
 */
export async function serveEvents(
  request: EventsRequest,
  response: ServerResponse,
  { schema, context, format }: EventsDependencies,
  stopping: AbortSignal,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.flushHeaders();
  const opened = await open(request, schema, context());
  if (!('events' in opened)) {
    response.end(`${eventOf(opened, format)}${complete}`);
    return;
  }
  const { events } = opened;
  let isOver = response.destroyed || stopping.aborted;
  const end = (): void => {
    isOver = true;
    void events.return?.();
  };
  const beat = setInterval(() => {
    if (response.writableLength === 0) response.write(':\n\n');
  }, heartbeatMs).unref();
  response.once('close', end);
  stopping.addEventListener('abort', end, { once: true });
  try {
    if (isOver) end();
    for await (const event of events) {
      const text = eventOf(await opened.execute(event, context()), format);
      if (isOver) break;
      if (!response.write(text)) await untilDrained(response);
    }
    response.end(isOver ? undefined : complete);
  } catch {
    // The caller sees a stream that ends without `complete`.
    response.end();
  } finally {
    clearInterval(beat);
    response.off('close', end);
    stopping.removeEventListener('abort', end);
  }
}

const complete = 'event: complete\ndata:\n\n';

function eventOf(
  { errors, ...rest }: ExecutionResult,
  format: EventsDependencies['format'],
): string {
  const result = { ...(errors && { errors: errors.map(format) }), ...rest };
  return `event: next\ndata: ${JSON.stringify(result)}\n\n`;
}

interface OpenEvents {
  readonly events: AsyncIterableIterator<unknown>;
  execute(event: unknown, contextValue: unknown): Promise<ExecutionResult> | ExecutionResult;
}

async function open(
  { query, operationName, variables }: EventsRequest,
  schema: GraphQLSchema,
  contextValue: unknown,
): Promise<ExecutionResult | OpenEvents> {
  const [name, values] = [asText(operationName), asRecord(variables)];
  let document;
  try {
    document = parse(asText(query) ?? '');
  } catch (error) {
    return { errors: [withCode(error as GraphQLError, 'GRAPHQL_PARSE_FAILED')] };
  }
  const condition = subscriptionConditionIn(document);
  const faults =
    condition === undefined
      ? validate(schema, document, specifiedRules, { maxErrors: 10 })
      : [new GraphQLError(condition)];
  if (faults.length > 0) {
    return { errors: faults.map((fault) => withCode(fault, 'GRAPHQL_VALIDATION_FAILED')) };
  }
  const args = { schema, document, variableValues: values, operationName: name };
  if (getOperationAST(document, name)?.operation !== OperationTypeNode.SUBSCRIPTION) {
    const message = 'Only a subscription is answered with events.';
    return { errors: [new GraphQLError(message, { extensions: { code: 'BAD_REQUEST' } })] };
  }
  const source = await createSourceEventStream({ ...args, contextValue });
  if (!(Symbol.asyncIterator in source)) return source;
  return {
    events: source[Symbol.asyncIterator]() as AsyncIterableIterator<unknown>,
    execute: (rootValue, contextOfEvent) =>
      execute({ ...args, rootValue, contextValue: contextOfEvent }),
  };
}

function withCode(error: GraphQLError, code: string): GraphQLError {
  const { message, nodes, source, positions } = error;
  return new GraphQLError(message, { nodes, source, positions, extensions: { code } });
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
