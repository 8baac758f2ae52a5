import type { z } from 'zod';

/** The client's input, parsed by the schemas of its route. */
export interface RestInput<Path, Query, Headers, Body> {
  readonly path: Path;
  readonly query: Query;
  readonly headers: Headers;
  readonly body: Body;
}

/** A response: a body with its status, or a problem. */
export type RestAnswer = RestResult | RestProblem;

/** The requested data, or the result of a change. */
export interface RestResult {
  readonly status: 200 | 201 | 202 | 204;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Why nothing was done. */
export interface RestProblem {
  readonly status: 404 | 409 | 422;
  readonly detail: string;
  /** What the user can correct, as reported by mutations. */
  readonly userErrors?: readonly UserError[];
}

/** Why a mutation made no change. */
export interface UserError {
  readonly code: string;
  readonly message: string;
  readonly path?: readonly string[] | null | undefined;
}

/** The documentation of one response of a route. */
export interface RestAnswerKind {
  readonly description: string;
  readonly body?: z.ZodType;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A REST route: an operation of the graph for clients that do not use GraphQL. */
export interface RestRoute {
  readonly method: 'DELETE' | 'GET' | 'POST' | 'PUT';
  /** In the syntax of OpenAPI, such as `/products/{id}`; each parameter is a whole segment. */
  readonly path: string;
  /** The name of the operation, in OpenAPI and in the log. */
  readonly operationId: string;
  readonly summary: string;
  readonly pathParameters: z.ZodObject | undefined;
  readonly query: z.ZodObject | undefined;
  /** The headers that it reads, by their names in lower case. */
  readonly headers: z.ZodObject | undefined;
  readonly body: z.ZodType | undefined;
  /** The document to run, with one operation. */
  readonly document: string;
  readonly variablesOf: (input: RestInput<never, never, never, never>) => RestVariables;
  /** The data of a successful operation. Any other data counts as a failure of the operation. */
  readonly data: z.ZodType;
  readonly answerOf: (data: never, input: RestInput<never, never, never, never>) => RestAnswer;
  /** The route's own responses, by status. */
  readonly answers: Readonly<Record<number, RestAnswerKind>>;
}

/** The values of an operation's variables; undefined ones are absent. */
export type RestVariables = Readonly<Record<string, unknown>>;

type Read<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** Defines a route, with the types of its schemas. */
export function defineRestRoute<
  Data extends z.ZodType,
  Path extends z.ZodObject | undefined = undefined,
  Query extends z.ZodObject | undefined = undefined,
  Headers extends z.ZodObject | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
>(
  route: Pick<RestRoute, 'answers' | 'document' | 'method' | 'operationId' | 'path' | 'summary'> & {
    readonly pathParameters?: Path;
    readonly query?: Query;
    readonly headers?: Headers;
    readonly body?: Body;
    readonly data: Data;
    readonly variablesOf: (
      input: RestInput<Read<Path>, Read<Query>, Read<Headers>, Read<Body>>,
    ) => RestVariables;
    readonly answerOf: (
      data: z.output<Data>,
      input: RestInput<Read<Path>, Read<Query>, Read<Headers>, Read<Body>>,
    ) => RestAnswer;
  },
): RestRoute {
  return {
    pathParameters: undefined,
    query: undefined,
    headers: undefined,
    body: undefined,
    ...route,
  };
}

/** Returns whether a path belongs to one of these routes, for any method. */
export function matcherOf(routes: readonly RestRoute[]): (path: string) => boolean {
  const patterns = [...new Set(routes.map(({ path }) => path))].map((path) => path.split('/'));
  return (path) => {
    const segments = path.split('/', longestPath);
    return patterns.some(
      (pattern) =>
        pattern.length === segments.length &&
        pattern.every((part, index) => part.startsWith('{') || part === segments[index]),
    );
  };
}

/** More segments than any route has. */
const longestPath = 16;
