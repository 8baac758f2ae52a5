import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import type { ProblemMapper, RequestContext, SubgraphFetch } from '../fetching/types.ts';
import { type CacheHint, CacheHints } from './cache-hints.ts';
import { completeObject } from './complete.ts';
import type { FinishedFetches } from './finished-fetches.ts';
import type { Introspector } from './introspection.ts';
import { wholeResponse } from './object-place.ts';
import type { OpeningRequest } from './opening-request.ts';
import type { PassThrough } from './pass-through.ts';
import type { ClientKeys } from './plan.ts';
import { Problems } from './problems.ts';
import type { OnEntity, Run, Step } from './run.ts';
import type { ObjectShape } from './shape.ts';
import type { StoreObject } from './store.ts';
import type { TypeIndex } from './type-index.ts';
import { ClientVariables, type RawVariables } from './variables.ts';

/** An operation compiled as far as possible without a request. */
export interface ExecutableOperation {
  readonly step: Step;
  readonly shape: ObjectShape;
  readonly introspect: Introspector | undefined;
  readonly passThrough: PassThrough | undefined;
  /** Of a subscription: the request that opens its events. */
  readonly openingRequest?: OpeningRequest | undefined;
  /** The client's response keys, by the keys that planning gave them. */
  readonly clientKeys: ClientKeys;
  /** What the response says about parts the viewer may not see; `undefined` when there are none. */
  readonly withheld?: Withheld | undefined;
}

/** The errors and extensions for fields that were removed before anything was fetched. */
export interface Withheld {
  readonly errors: readonly GraphQLError[];
  readonly extensions: ResponseExtensions | undefined;
}

/** The `extensions` of a response (GraphQL spec §7.1). */
export type ResponseExtensions = Readonly<Record<string, unknown>>;

/** The input of one execution. Variables must have been checked. */
export interface ExecutionRequest {
  readonly variables: RawVariables;
  /** The values of the Boolean variables in `@skip` and `@include`. */
  readonly conditions: ReadonlyMap<string, boolean>;
  readonly context: RequestContext;
  readonly fetch: SubgraphFetch;
  readonly mapProblem: ProblemMapper;
  readonly types: TypeIndex;
  readonly onEntity?: OnEntity | undefined;
}

/** The result of an operation. */
export interface ExecutionAnswer {
  readonly data: StoreObject | null;
  /** `undefined` for none. */
  readonly errors: readonly GraphQLError[] | undefined;
  /** How long the response may be cached; `undefined` when no subgraph was called. */
  readonly cacheHint: CacheHint | undefined;
  readonly extensions?: ResponseExtensions | undefined;
}

/** A response serialized as JSON (GraphQL spec §7.1). */
export interface JsonAnswer {
  readonly json: string;
  /** False when the request itself was invalid; `data: null` counts as data. */
  readonly hasData: boolean;
  readonly errors: readonly GraphQLError[] | undefined;
  readonly cacheHint: CacheHint | undefined;
}

/** Formats an error for the client. */
export type ErrorFormat = (error: GraphQLError) => GraphQLFormattedError;

/** Executes an operation (GraphQL spec §6.2). Never rejects because of a subgraph. */
export function execute(
  operation: ExecutableOperation,
  request: ExecutionRequest,
): Promise<ExecutionAnswer> | ExecutionAnswer {
  const run = startRun(operation, request);
  const waiting = operation.step(run);
  return waiting
    ? waiting.then(() => buildAnswer(operation, request, run))
    : buildAnswer(operation, request, run);
}

/** Executes an operation to JSON text, and adds `extensions` to those of the answer. */
export async function executeToJson(
  operation: ExecutableOperation,
  request: ExecutionRequest,
  format: ErrorFormat,
  extensions?: ResponseExtensions,
): Promise<JsonAnswer> {
  const { passThrough } = operation;
  if (!passThrough) return writeAnswer(await execute(operation, request), format, extensions);
  const call = request.fetch(passThrough.request(startRun(operation, request)));
  const response = await call.catch(() => undefined);
  const json = typeof response?.body === 'string' ? passThrough.accept(response.body) : undefined;
  // Fall back to the normal path, with the response that is already here.
  if (json === undefined) {
    const answered = await execute(operation, { ...request, fetch: () => call });
    return writeAnswer(answered, format, extensions);
  }
  const cacheHints = new CacheHints();
  cacheHints.add(response?.cacheControl);
  return {
    json: extensions ? closeText(json.slice(0, -1), extensions) : json,
    hasData: true,
    errors: undefined,
    cacheHint: cacheHints.overall,
  };
}

/** Serializes a response: errors first, where a reader looks for them; no `data` when the request was invalid. */
export function writeAnswer(
  {
    data,
    errors,
    cacheHint,
    extensions,
  }: Omit<ExecutionAnswer, 'data'> & {
    readonly data: StoreObject | null | undefined;
  },
  format: ErrorFormat,
  otherExtensions?: ResponseExtensions,
): JsonAnswer {
  const parts: string[] = [];
  if (errors) parts.push(`"errors":${JSON.stringify(errors.map(format))}`);
  if (data !== undefined) parts.push(`"data":${JSON.stringify(data)}`);
  const all = extensions && otherExtensions ? { ...extensions, ...otherExtensions } : undefined;
  return {
    json: closeText(`{${parts.join()}`, all ?? extensions ?? otherExtensions),
    hasData: data !== undefined,
    errors,
    cacheHint,
  };
}

/** Closes the JSON text, with the extensions last, as Apollo Server does. The only place that writes extensions. */
function closeText(text: string, extensions: ResponseExtensions | undefined): string {
  return extensions ? `${text},"extensions":${JSON.stringify(extensions)}}` : `${text}}`;
}

/** The state of a new execution. */
export function startRun(
  operation: Pick<ExecutableOperation, 'clientKeys'>,
  request: ExecutionRequest,
  finished?: FinishedFetches,
): Run {
  return {
    root: {},
    variables: new ClientVariables(request.variables),
    conditions: request.conditions,
    context: request.context,
    fetch: request.fetch,
    problems: new Problems(request.mapProblem, operation.clientKeys),
    cacheHints: new CacheHints(),
    finished,
    onEntity: request.onEntity,
  };
}

function buildAnswer(
  operation: ExecutableOperation,
  request: ExecutionRequest,
  run: Run,
): ExecutionAnswer {
  const { data, errors } = completeObject(wholeResponse(operation.shape, run.root), {
    problems: run.problems,
    types: request.types,
    introspection: operation.introspect?.(request.variables),
  });
  return withWithheld({ data, errors, cacheHint: run.cacheHints.overall }, operation.withheld);
}

/** An answer with what it says about parts that the viewer may not see. */
export function withWithheld(
  answer: ExecutionAnswer,
  withheld: Withheld | undefined,
): ExecutionAnswer {
  if (!withheld) return answer;
  const { data, errors, cacheHint } = answer;
  const all = [...(errors ?? []), ...withheld.errors];
  return {
    data,
    errors: all.length > 0 ? all : undefined,
    cacheHint,
    extensions: withheld.extensions,
  };
}
