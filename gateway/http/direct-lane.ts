import type { FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import type { ErrorFormat, JsonAnswer } from '../execution/execute.ts';
import type { RawVariables } from '../execution/variables.ts';
import type { RequestContext } from '../fetching/types.ts';
import { toClientError } from './client-error.ts';
import { logHiddenErrors } from './error-log.ts';
import type { KnownOperation, KnownOperations } from './known-operations.ts';
import type { NegotiatedTypes } from './negotiated-types.ts';
import type { CreateContext, GatewayContext } from './request-context.ts';
import { retryAfterHeader, retryAfterOf } from './retry-after.ts';

/** Executes operations to text, without Apollo Server. */
export interface DirectExecution {
  /** The API schema that new requests meet. */
  readonly schema: GraphQLSchema;
  /**
   * Readies an operation, before any subgraph is asked. `undefined` when there is nothing to run for this request;
   * throws when it cannot be planned, or nobody may be answered who is not known.
   */
  prepareDirect(request: {
    readonly document: KnownOperation['document'];
    readonly documentKey: string;
    readonly operationName: string | undefined;
    readonly variables: RawVariables;
    readonly context: RequestContext;
    readonly contextValue: GatewayContext;
    readonly schema: GraphQLSchema;
  }): DirectRun | undefined | Promise<DirectRun | undefined>;
}

/** Runs a readied operation; to be called once. */
export type DirectRun = (format: ErrorFormat) => Promise<JsonAnswer>;

/** What the lane is made of. */
export interface DirectLaneDependencies {
  readonly execution: DirectExecution;
  readonly known: KnownOperations;
  readonly types: NegotiatedTypes;
  readonly createContext: CreateContext;
}

/** Answers requests, or leaves them: then nothing has been executed, and `request.graphqlContext` can be used on. */
export type DirectLane = (request: FastifyRequest, reply: FastifyReply) => Promise<boolean>;

declare module 'fastify' {
  interface FastifyRequest {
    /** The context of the operation, once a lane has begun to make it. */
    graphqlContext?: Promise<GatewayContext>;
  }
}

/**
 * The short way of a plain operation: one that Apollo Server has parsed and validated before, sent by POST and with
 * variables that are right. Its answer is the one that Apollo Server gives, to the byte; all else is left to it.
 */
export function createDirectLane(dependencies: DirectLaneDependencies): DirectLane {
  const { execution, known, types, createContext } = dependencies;

  /** What can be told without any effect: whether the request is one for this lane. */
  const recognize = (request: FastifyRequest): PlainRequest | undefined => {
    const { headers } = request;
    if (request.method !== 'POST' || !isPlain(headers)) return undefined;
    const contentType = types.find(headers.accept);
    const body = contentType === undefined ? undefined : readBody(request.body);
    if (contentType === undefined || !body) return undefined;
    const operation = known.find(body.query, body.operationName, execution.schema);
    return operation && { operation, variables: body.variables, contentType };
  };

  return async (request, reply) => {
    const plain = recognize(request);
    if (!plain) return false;
    const { operation, variables, contentType } = plain;
    request.graphqlContext = createContext(request, reply);
    let context: GatewayContext;
    let run: DirectRun | undefined;
    try {
      context = await request.graphqlContext;
      const { document, documentKey, operationName, schema } = operation;
      run = await execution.prepareDirect({
        document,
        documentKey,
        operationName,
        variables,
        context: subgraphContext(context),
        contextValue: context,
        schema,
      });
    } catch {
      // Bad credentials, or no plan: Apollo Server comes to the same end, and puts it into words.
      return false;
    }
    if (!run) return false;
    context.noteOperation(operation.note);
    const answer: DirectAnswer = await run(formatError).catch(failed);
    if (answer.errors) {
      logHiddenErrors(answer.errors, context.log);
      const comeBack = retryAfterOf(answer.errors);
      if (comeBack !== undefined) void reply.header(retryAfterHeader, comeBack);
    }
    reply.statusCode = answer.status ?? 200;
    void reply
      .header('cache-control', cacheControlOf(answer))
      .header('content-type', contentType)
      .send(`${answer.json}\n`);
    return true;
  };
}

interface PlainRequest {
  readonly operation: KnownOperation;
  readonly variables: RawVariables;
  readonly contentType: string;
}

/** An answer with its HTTP status, 200 if it says none. */
interface DirectAnswer extends JsonAnswer {
  readonly status?: number;
}

interface PlainBody {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: RawVariables;
}

const utf8Json = /^application\/json; ?charset=utf-8$/i;

/** A body of JSON, and no wish to see the query plan. */
function isPlain(headers: FastifyRequest['headers']): boolean {
  const type = headers['content-type'];
  if (type !== 'application/json' && !(type !== undefined && utf8Json.test(type))) return false;
  return (
    headers['apollo-query-plan-experimental'] === undefined &&
    headers['apollo-expose-query-plan'] === undefined
  );
}

const noVariables: RawVariables = {};

/** The members that Apollo Server reads, if they are of the kinds it takes; one with `extensions` wants more. */
function readBody(body: unknown): PlainBody | undefined {
  if (!isRecord(body)) return undefined;
  const { query, operationName, variables, extensions } = body;
  if (typeof query !== 'string' || extensions !== undefined) return undefined;
  if (!isAbsent(operationName) && typeof operationName !== 'string') return undefined;
  if (!isAbsent(variables) && !isRecord(variables)) return undefined;
  return { query, operationName: operationName ?? undefined, variables: variables ?? noVariables };
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function subgraphContext({
  cancellation,
  deadlineAt,
  correlationId,
  clientAddress,
  headersFor,
}: GatewayContext): RequestContext {
  return {
    cancellation,
    deadlineAt,
    correlationId,
    clientAddress,
    headersFor,
    incoming: undefined,
  };
}

/** As Apollo Server does it: an answer without errors may be kept for as long as every part of it. */
function cacheControlOf({ errors, cacheHint }: JsonAnswer): string {
  if (errors || !cacheHint || cacheHint.maxAge === 0) return 'no-store';
  return `max-age=${cacheHint.maxAge}, ${cacheHint.scope === 'PRIVATE' ? 'private' : 'public'}`;
}

/** Gives the error to the mapper in the form in which Apollo Server does. */
function formatError(error: GraphQLError): GraphQLFormattedError {
  const { code = 'INTERNAL_SERVER_ERROR' } = error.extensions;
  return toClientError({ ...error.toJSON(), extensions: { ...error.extensions, code } }, error);
}

/** An execution that breaks has no data; no other lane may try it again. */
function failed(thrown: unknown): DirectAnswer {
  const cause = thrown instanceof Error ? thrown : new Error(String(thrown));
  const error = new GraphQLError(cause.message, { originalError: cause });
  const json = JSON.stringify({ errors: [formatError(error)] });
  return { json, errors: [error], cacheHint: undefined, status: 500 };
}
