import { GraphQLError } from 'graphql';
import type {
  ClientError,
  ProblemMapper,
  ReportedProblem,
  SubgraphProblem,
  SubgraphRequest,
} from '../fetching/types.ts';
import type { ClientKeys } from './plan.ts';
import { isStoreObject, type ResponsePath, type StoreObject } from './store.ts';

/** The most errors reported per subgraph call; the rest become one error with their count. */
const errorsPerCallMax = 100;

/** Paths that are longer, or have longer names, cannot belong to an operation. */
const pathMaxSteps = 500;
const stepMaxLength = 1_000;

/** The errors of one subgraph call. */
interface CallErrors {
  reportedCount: number;
  omittedCount: number;
  last: ClientError | undefined;
}

/**
 * The origin of an error: its position in the store, which unlike the client's path is unambiguous, and its subgraph.
 */
export interface ErrorOrigin {
  readonly position: ResponsePath;
  readonly subgraph: string;
  /** The index of the first step that the subgraph itself resolved: it resolved only what is selected for each type. */
  readonly firstOwnStep: number;
}

/** An error, and its origin if it has a position. */
export interface LocatedError {
  readonly error: GraphQLError;
  readonly origin: ErrorOrigin | undefined;
}

/** Collects the errors of one operation. Costs nothing until there is an error. */
export class Problems {
  private readonly mapProblem: ProblemMapper;
  private readonly clientKeys: ClientKeys;
  private reported: GraphQLError[] | undefined;
  private calls: Map<SubgraphRequest, CallErrors> | undefined;
  private known: Set<string> | undefined;
  private origins: WeakMap<GraphQLError, ErrorOrigin> | undefined;
  /** True when an error of a field below the object is the only reason. */
  private unresolved: WeakMap<StoreObject, boolean> | undefined;

  private readonly enclosing: Problems | undefined;

  /**
   * `clientKeys` holds the client's response keys, by the keys that planning gave them. The problems of a deferred part
   * are its own; `enclosing` are those of the part it is nested in.
   */
  constructor(mapProblem: ProblemMapper, clientKeys: ClientKeys, enclosing?: Problems) {
    this.mapProblem = mapProblem;
    this.clientKeys = clientKeys;
    this.enclosing = enclosing;
  }

  /** Problems with their own errors, in which these explain missing values, too. */
  nested(): Problems {
    return new Problems(this.mapProblem, this.clientKeys, this);
  }

  /** The errors so far, in order, then the counts of omitted ones; `undefined` when there are none. */
  get errors(): readonly GraphQLError[] | undefined {
    if (!this.calls) return undefined;
    const omitted = [...this.calls.values()]
      .filter((call) => call.omittedCount > 0)
      .map(omittedError);
    return (this.reported ?? []).concat(omitted);
  }

  /**
   * Adds one error per position; a problem without a known position concerns the whole response. A plan may fetch a
   * field twice, so a repeated error is added only once (GraphQL spec §6.4.4). Positions are not computed once the
   * limit is reached. The last `ownSteps` steps of each position were resolved by the subgraph itself.
   */
  report(
    problem: SubgraphProblem,
    request: SubgraphRequest,
    findPositions: () => readonly (ResponsePath | undefined)[],
    ownSteps = 0,
  ): void {
    const call = this.callErrors(request);
    if (call.reportedCount >= errorsPerCallMax) {
      call.omittedCount += 1;
      return;
    }
    const { message, extensions } = (call.last = this.mapProblem(problem, request));
    const originalError = originalErrorOf(problem);
    const positions = findPositions();
    for (const [index, reported] of positions.entries()) {
      if (call.reportedCount >= errorsPerCallMax) {
        call.omittedCount += positions.length - index;
        return;
      }
      const position = reported && this.clientPosition(reported);
      const path = position?.map((step) =>
        typeof step === 'string' ? (this.clientKeys.get(step) ?? step) : step,
      );
      const identity = JSON.stringify([position, message]);
      if (position && this.known?.has(identity)) continue;
      (this.known ??= new Set()).add(identity);
      const error = new GraphQLError(message, { path, extensions, originalError });
      (this.reported ??= []).push(error);
      call.reportedCount += 1;
      if (!position) continue;
      const firstOwnStep = reported.length - ownSteps;
      const origin = { position, subgraph: request.subgraph, firstOwnStep };
      (this.origins ??= new WeakMap()).set(error, origin);
    }
  }

  /** Counts errors that are dropped without being read. */
  countOmitted(request: SubgraphRequest, count: number): void {
    if (count > 0) this.callErrors(request).omittedCount += count;
  }

  /**
   * A plan's own fetches use keys that the client did not select; their errors are reported at the enclosing object.
   */
  private clientPosition(position: ResponsePath): ResponsePath {
    const own = position.findIndex(
      (step) => typeof step === 'string' && step.startsWith('_') && !this.clientKeys.has(step),
    );
    return own < 0 ? position : position.slice(0, own);
  }

  /** The errors with their origins; `undefined` when there are none. */
  get located(): readonly LocatedError[] | undefined {
    return this.errors?.map((error) => ({ error, origin: this.origins?.get(error) }));
  }

  /**
   * Remembers that fields of this object are missing for a known reason: an error of the whole object, or the object
   * does not exist. With `isOfField`, the reason is an error of one field that nulled the others.
   */
  markUnresolved(object: StoreObject, isOfField = false): void {
    const unresolved = (this.unresolved ??= new WeakMap<StoreObject, boolean>());
    unresolved.set(object, isOfField && unresolved.get(object) !== false);
  }

  isUnresolved(object: StoreObject): boolean {
    if (this.unresolved?.has(object) === true) return true;
    return this.enclosing?.isUnresolved(object) === true;
  }

  /** True when the only known reason is the error of one field: other missing fields may need their own error. */
  isUnresolvedByField(object: StoreObject): boolean {
    const own = this.unresolved?.get(object);
    return (own ?? this.enclosing?.isUnresolvedByField(object)) === true;
  }

  private callErrors(request: SubgraphRequest): CallErrors {
    const calls = (this.calls ??= new Map<SubgraphRequest, CallErrors>());
    let call = calls.get(request);
    if (!call) calls.set(request, (call = { reportedCount: 0, omittedCount: 0, last: undefined }));
    return call;
  }
}

/** Has no path: it covers errors anywhere in the response. */
function omittedError({ omittedCount, last }: CallErrors): GraphQLError {
  const message = `${omittedCount} more errors of the same subgraph response are not listed.`;
  return new GraphQLError(message, { extensions: last?.extensions ?? { code: 'SUBGRAPH_ERROR' } });
}

/**
 * The `originalError` for `formatError`, as with ApolloGateway: the thrown error, or the error as the subgraph sent it.
 */
function originalErrorOf(problem: SubgraphProblem): Error | undefined {
  if (problem.kind === 'thrown') return problem.error instanceof Error ? problem.error : undefined;
  const { message, extensions } = problem;
  return Object.freeze({ name: 'Error', message, extensions });
}

/** An entry of a response's `errors`, read without trusting it (GraphQL spec §7.1.2). */
export interface ReportedError {
  readonly problem: ReportedProblem;
  readonly path: ResponsePath | undefined;
}

/**
 * Reads the first `errors` of a subgraph response, and returns their total count. An entry that is not an error object
 * becomes an error without details.
 */
export function reportedErrors(errors: unknown): {
  readonly first: readonly ReportedError[];
  readonly count: number;
} {
  if (errors === undefined || errors === null) return none;
  const all: readonly unknown[] = Array.isArray(errors) ? errors : [errors];
  const count = all.length;
  const problems: ReportedProblem[] = [];
  const first = all.slice(0, errorsPerCallMax).map((entry) => {
    const { message, extensions, path } = isStoreObject(entry) ? entry : {};
    const problem: ReportedProblem = {
      kind: 'reported',
      message: typeof message === 'string' ? message : 'The subgraph reported an error.',
      extensions: isStoreObject(extensions) ? extensions : undefined,
      report: { problems, count },
    };
    problems.push(problem);
    return { problem, path: isResponsePath(path) ? path.map(withoutQuotes) : undefined };
  });
  return { first, count };
}

const none = { first: [], count: 0 } as const;

/** Some subgraphs send list indexes as strings; a GraphQL name never begins with a digit. */
function withoutQuotes(step: string | number): string | number {
  return typeof step === 'string' && /^\d{1,9}$/.test(step) ? Number(step) : step;
}

function isResponsePath(path: unknown): path is ResponsePath {
  return (
    Array.isArray(path) &&
    path.length <= pathMaxSteps &&
    path.every((step) =>
      typeof step === 'string' ? step.length <= stepMaxLength : Number.isInteger(step) && step >= 0,
    )
  );
}
