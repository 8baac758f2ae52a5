import { GraphQLError, type GraphQLSchema } from 'graphql';
import { errorCatalogue } from '../../common/errors.ts';
import type { ErrorFormat, JsonAnswer, ResponseExtensions } from '../execution/execute.ts';
import type { RawVariables } from '../execution/variables.ts';
import type { RequestContext } from '../fetching/types.ts';
import type { ClientErrorFormat } from './client-error.ts';
import { compressAnswer } from './compression.ts';
import { logHiddenErrors } from './error-log.ts';
import type { Exchange } from './exchange.ts';
import { callContextOf, type GatewayContext } from './gateway-context.ts';
import type { DirectLimits } from './gateway-limits.ts';
import type { KnownOperation, KnownOperations } from './known-operations.ts';
import type { NegotiatedTypes } from './negotiated-types.ts';
import { mayBePlain, type PlainRequest, readPlainRequest } from './plain-request.ts';
import type { CreateContext } from './request-context.ts';
import { areAllOverloaded, isWithoutData, retryAfterHeader, retryAfterOf } from './retry-after.ts';
import type { Lane } from './way-in.ts';

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

/** Runs a readied operation, and answers with these extensions beside its own; to be called once. */
export type DirectRun = (
  format: ErrorFormat,
  extensions?: ResponseExtensions,
) => Promise<JsonAnswer>;

/** What the lane is made of. */
export interface DirectLaneDependencies {
  readonly execution: DirectExecution;
  readonly known: KnownOperations;
  /** The text of the document that a request sends or names, without it what is sent; `undefined` leaves it to Apollo Server. */
  readonly textOf?: (request: PlainRequest) => string | undefined;
  readonly types: NegotiatedTypes;
  /** For what depends on an operation's variables: a request over a limit is Apollo Server's to refuse. */
  readonly limits: DirectLimits;
  readonly createContext: CreateContext;
  /** As Apollo Server's `formatError`. */
  readonly formatError: ClientErrorFormat;
  /** The address of the GraphQL server. */
  readonly path: string;
}

/**
 * The short way of a plain operation: one that Apollo Server has parsed and validated before, sent by POST in at most
 * 64 KB and with variables that are right. Its answer is the one that Apollo Server gives, to the byte; all else is left
 * to it, with nothing executed and `exchange.context` to be used on.
 */
export function createDirectLane(dependencies: DirectLaneDependencies): Lane {
  const { execution, known, textOf = sentText, types, limits, createContext, path } = dependencies;
  const formatError = formatAsApollo(dependencies.formatError);

  const take = (
    exchange: Exchange,
    body: Buffer,
    contentType: string,
  ): Promise<boolean> | false => {
    const plain = readPlainRequest(body);
    if (!plain) return false;
    const text = textOf(plain);
    if (text === undefined) return false;
    const operation = known.find(text, plain.operationName, execution.schema);
    return operation ? run(exchange, contentType, operation, plain.variables) : false;
  };

  const run = async (
    exchange: Exchange,
    contentType: string,
    operation: KnownOperation,
    variables: PlainRequest['variables'],
  ): Promise<boolean> => {
    const demand = limits.measure(operation, variables);
    if (demand.violation) return false;
    exchange.context = createContext(exchange);
    let context: GatewayContext;
    let ready: DirectRun | undefined;
    try {
      context = await exchange.context;
      const { document, documentKey, operationName, schema } = operation;
      ready = await execution.prepareDirect({
        document,
        documentKey,
        operationName,
        variables,
        context: callContextOf(context),
        contextValue: context,
        schema,
      });
    } catch {
      // Bad credentials, or no plan: Apollo Server comes to the same end, and puts it into words.
      return false;
    }
    if (!ready) return false;
    exchange.operation = limits.note(operation, demand);
    const extensions = limits.extensions(exchange.request.headers, demand);
    const answer: DirectAnswer = await ready(formatError, extensions).catch((thrown: unknown) =>
      failed(thrown, formatError),
    );
    const headers = [
      'vary',
      varyOnViewer,
      'cache-control',
      exchange.request.headers.authorization === undefined ? cacheControlOf(answer) : 'no-store',
      'content-type',
      contentType,
    ];
    if (answer.errors) {
      logHiddenErrors(answer.errors, context.openLog());
      const comeBack = retryAfterOf(answer.errors);
      if (comeBack !== undefined) headers.push(retryAfterHeader, comeBack);
    }
    const body = `${answer.json}
`;
    // Asked here, too, so that what is not compressed costs no promise.
    const compressed =
      exchange.request.headers['accept-encoding'] === undefined
        ? undefined
        : await compressAnswer(exchange, body);
    if (compressed) headers.push('content-encoding', compressed.encoding);
    exchange.answer(answer.status ?? statusOf(answer), headers, compressed?.bytes ?? body);
    return true;
  };

  return (exchange) => {
    const { body, request } = exchange;
    if (!body || body.length > plainBytesMax || !mayBePlain(request, path)) return false;
    const contentType = types.find(request.headers.accept);
    return contentType !== undefined && take(exchange, body, contentType);
  };
}

/**
 * A larger body costs far more to read than the lane saves; and what it says, if it is wrong, would be parsed and looked
 * through a second time by Apollo Server, while everybody else waits.
 */
const plainBytesMax = 64 * 1024;

function sentText({ query }: PlainRequest): string | undefined {
  return query;
}

/** What an answer to an operation depends on besides the request's body. */
export const varyOnViewer = 'authorization, accept, accept-encoding';

/** An answer with its HTTP status, 200 if it says none. */
interface DirectAnswer extends JsonAnswer {
  readonly status?: number;
}

/** As Apollo Server does it: an answer without errors may be kept for as long as every part of it. */
function cacheControlOf({ errors, cacheHint }: JsonAnswer): string {
  if (errors || !cacheHint || cacheHint.maxAge === 0) return 'no-store';
  return `max-age=${cacheHint.maxAge}, ${cacheHint.scope === 'PRIVATE' ? 'private' : 'public'}`;
}

/** Gives errors to a format in the form in which Apollo Server does. */
function formatAsApollo(format: ClientErrorFormat): ErrorFormat {
  return (error) => {
    const { code = 'INTERNAL_SERVER_ERROR' } = error.extensions;
    return format({ ...error.toJSON(), extensions: { ...error.extensions, code } }, error);
  };
}

/** An answer with nothing but OVERLOADED is a refusal, as it is in Apollo Server's lane. */
function statusOf({ json, errors = [] }: JsonAnswer): number {
  if (!areAllOverloaded(errors)) return 200;
  const { data } = JSON.parse(json) as { readonly data?: Readonly<Record<string, unknown>> | null };
  return isWithoutData(data) ? errorCatalogue.OVERLOADED.status : 200;
}

/** An execution that breaks has no data; no other lane may try it again. */
function failed(thrown: unknown, formatError: ErrorFormat): DirectAnswer {
  const cause = thrown instanceof Error ? thrown : new Error(String(thrown));
  const error = new GraphQLError(cause.message, { originalError: cause });
  const json = JSON.stringify({ errors: [formatError(error)] });
  return { json, errors: [error], cacheHint: undefined, status: 500 };
}
