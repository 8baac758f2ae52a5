import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import type { ProblemMapper, RequestContext, SubgraphFetch } from '../fetching/types.ts';
import { type CacheHint, CacheHints } from './cache-hints.ts';
import { completeAnswer } from './complete.ts';
import type { Introspector } from './introspection.ts';
import type { ClientKeys } from './plan.ts';
import { Problems } from './problems.ts';
import type { Run, Step } from './run.ts';
import type { ObjectShape } from './shape.ts';
import type { Splice } from './splice.ts';
import type { StoreObject } from './store.ts';
import type { TypeIndex } from './type-index.ts';
import { ClientVariables, type RawVariables } from './variables.ts';

/** An operation with everything done that does not depend on a request. */
export interface ExecutableOperation {
  readonly step: Step;
  readonly shape: ObjectShape;
  readonly introspect: Introspector | undefined;
  readonly splice: Splice | undefined;
  /** The client's response key for each key that was renamed for planning. */
  readonly clientKeys: ClientKeys;
  /** What is said of the parts that the viewer may not see; `undefined` when there are none. */
  readonly withheld?: Withheld | undefined;
}

/** What an answer says of parts that were left out of it before anything was fetched. */
export interface Withheld {
  readonly errors: readonly GraphQLError[];
  readonly extensions: ResponseExtensions | undefined;
}

/** The `extensions` of a response (GraphQL spec §7.1). */
export type ResponseExtensions = Readonly<Record<string, unknown>>;

/** What one execution needs besides the operation. Variables must have been checked. */
export interface ExecutionRequest {
  readonly variables: RawVariables;
  /** The values of the Boolean variables that conditions depend on. */
  readonly conditions: ReadonlyMap<string, boolean>;
  readonly context: RequestContext;
  readonly fetch: SubgraphFetch;
  readonly mapProblem: ProblemMapper;
  readonly types: TypeIndex;
}

/** The answer to an operation. */
export interface ExecutionAnswer {
  readonly data: StoreObject | null;
  /** `undefined` for none. */
  readonly errors: readonly GraphQLError[] | undefined;
  /** How long the answer may be kept; `undefined` when no subgraph had a part in it. */
  readonly cacheHint: CacheHint | undefined;
  readonly extensions?: ResponseExtensions | undefined;
}

/** An answer as the text of a response (GraphQL spec §7.1). */
export interface JsonAnswer {
  readonly json: string;
  /** False when the request itself was wrong; null is data, too. */
  readonly hasData: boolean;
  readonly errors: readonly GraphQLError[] | undefined;
  readonly cacheHint: CacheHint | undefined;
}

/** What a client sees of an error. */
export type ErrorFormat = (error: GraphQLError) => GraphQLFormattedError;

/** Runs an operation (GraphQL spec §6.2). Never rejects for what a subgraph does. */
export function execute(
  operation: ExecutableOperation,
  request: ExecutionRequest,
): Promise<ExecutionAnswer> | ExecutionAnswer {
  const run = begin(operation, request);
  const waiting = operation.step(run);
  return waiting
    ? waiting.then(() => answer(operation, request, run))
    : answer(operation, request, run);
}

/** Runs an operation to the text of its response, with these extensions beside those that the answer has itself. */
export async function executeToJson(
  operation: ExecutableOperation,
  request: ExecutionRequest,
  format: ErrorFormat,
  extensions?: ResponseExtensions,
): Promise<JsonAnswer> {
  const { splice } = operation;
  if (!splice) return writeAnswer(await execute(operation, request), format, extensions);
  const call = request.fetch(splice.request(begin(operation, request)));
  const response = await call.catch(() => undefined);
  const json = typeof response?.body === 'string' ? splice.answer(response.body) : undefined;
  // The longer way, with the response that is here already.
  if (json === undefined) {
    const answered = await execute(operation, { ...request, fetch: () => call });
    return writeAnswer(answered, format, extensions);
  }
  const cacheHints = new CacheHints();
  cacheHints.add(response?.cacheControl);
  return {
    json: extensions ? ended(json.slice(0, -1), extensions) : json,
    hasData: true,
    errors: undefined,
    cacheHint: cacheHints.overall,
  };
}

/** Writes a response: errors first, where a reader looks for them; no `data` when the request itself was wrong. */
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
    json: ended(`{${parts.join()}`, all ?? extensions ?? otherExtensions),
    hasData: data !== undefined,
    errors,
    cacheHint,
  };
}

/** Ends the text of a response with its extensions, which are last in Apollo Server's too: the only place that writes them. */
function ended(text: string, extensions: ResponseExtensions | undefined): string {
  return extensions ? `${text},"extensions":${JSON.stringify(extensions)}}` : `${text}}`;
}

function begin(operation: ExecutableOperation, request: ExecutionRequest): Run {
  return {
    root: {},
    variables: new ClientVariables(request.variables),
    conditions: request.conditions,
    context: request.context,
    fetch: request.fetch,
    problems: new Problems(request.mapProblem, operation.clientKeys),
    cacheHints: new CacheHints(),
  };
}

function answer(
  operation: ExecutableOperation,
  request: ExecutionRequest,
  run: Run,
): ExecutionAnswer {
  const introspection = operation.introspect?.(request.variables);
  const { data, errors } = completeAnswer(
    operation.shape,
    run.root,
    run.problems,
    request.types,
    introspection,
  );
  const cacheHint = run.cacheHints.overall;
  const { withheld } = operation;
  if (!withheld) return { data, errors, cacheHint };
  const all = [...(errors ?? []), ...withheld.errors];
  return {
    data,
    errors: all.length > 0 ? all : undefined,
    cacheHint,
    extensions: withheld.extensions,
  };
}
