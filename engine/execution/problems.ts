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

/** The most errors that one call of a subgraph leads to; those beyond are one error, which says how many. */
const errorsPerCallMax = 100;

/** Longer paths than this, or of longer names, are none that an operation has. */
const pathMaxSteps = 500;
const stepMaxLength = 1_000;

/** The errors of one call. */
interface CallErrors {
  told: number;
  leftOut: number;
  last: ClientError | undefined;
}

/** Where an error stands in the store, whose keys tell more fields apart than the client's, and who told it. */
export interface ErrorPlace {
  readonly position: ResponsePath;
  readonly subgraph: string;
  /** From which step on the subgraph took them itself: it resolved no more than what is selected of each type. */
  readonly ownFrom: number;
}

/** Collects what goes wrong while one operation runs. Costs nothing until something does. */
export class Problems {
  private readonly mapProblem: ProblemMapper;
  private readonly clientKeys: ClientKeys;
  private reported: GraphQLError[] | undefined;
  private calls: Map<SubgraphRequest, CallErrors> | undefined;
  private known: Set<string> | undefined;
  private places: WeakMap<GraphQLError, ErrorPlace> | undefined;
  /** Whether an error that stands below the object is the only reason. */
  private unresolved: WeakMap<StoreObject, boolean> | undefined;

  /** `clientKeys` gives the client's response key for each key that was renamed for planning. */
  constructor(mapProblem: ProblemMapper, clientKeys: ClientKeys) {
    this.mapProblem = mapProblem;
    this.clientKeys = clientKeys;
  }

  /** The errors so far, in the order they were met, and what was left out; `undefined` for none. */
  get errors(): readonly GraphQLError[] | undefined {
    if (!this.calls) return undefined;
    const leftOut = [...this.calls.values()].filter((call) => call.leftOut > 0).map(leftOutError);
    return (this.reported ?? []).concat(leftOut);
  }

  /**
   * Adds one error for each position; a problem without a known position concerns the whole response. What is met
   * twice, as a plan may fetch a field twice, is one error (GraphQL spec §6.4.4). Positions that would not be told are
   * not looked for. The last `ownSteps` of each are from the subgraph's own answer.
   */
  report(
    problem: SubgraphProblem,
    request: SubgraphRequest,
    findPositions: () => readonly (ResponsePath | undefined)[],
    ownSteps = 0,
  ): void {
    const call = this.callErrors(request);
    if (call.told >= errorsPerCallMax) {
      call.leftOut += 1;
      return;
    }
    const { message, extensions } = (call.last = this.mapProblem(problem, request));
    const originalError = originalErrorOf(problem);
    const positions = findPositions();
    for (const [index, reported] of positions.entries()) {
      if (call.told >= errorsPerCallMax) {
        call.leftOut += positions.length - index;
        return;
      }
      const position = reported && this.ofTheClient(reported);
      const path = position?.map((step) =>
        typeof step === 'string' ? (this.clientKeys.get(step) ?? step) : step,
      );
      const identity = JSON.stringify([position, message]);
      if (position && this.known?.has(identity)) continue;
      (this.known ??= new Set()).add(identity);
      const error = new GraphQLError(message, { path, extensions, originalError });
      (this.reported ??= []).push(error);
      call.told += 1;
      if (!position) continue;
      const ownFrom = reported.length - ownSteps;
      const place = { position, subgraph: request.subgraph, ownFrom };
      (this.places ??= new WeakMap()).set(error, place);
    }
  }

  /** Counts errors of a call that are not looked at. */
  leaveOut(request: SubgraphRequest, count: number): void {
    if (count > 0) this.callErrors(request).leftOut += count;
  }

  /** What a plan fetches for itself has keys of its own; an error of it concerns the object that it was fetched of. */
  private ofTheClient(position: ResponsePath): ResponsePath {
    const own = position.findIndex(
      (step) => typeof step === 'string' && step.startsWith('_') && !this.clientKeys.has(step),
    );
    return own < 0 ? position : position.slice(0, own);
  }

  placeOf(error: GraphQLError): ErrorPlace | undefined {
    return this.places?.get(error);
  }

  /**
   * Remembers that fields of this object are missing for a reason that is known: an error of all of it, or that there is
   * no such object. With `isOfField` an error that is told of one field took the others along.
   */
  markUnresolved(object: StoreObject, isOfField = false): void {
    const unresolved = (this.unresolved ??= new WeakMap<StoreObject, boolean>());
    unresolved.set(object, isOfField && unresolved.get(object) !== false);
  }

  isUnresolved(object: StoreObject): boolean {
    return this.unresolved?.has(object) === true;
  }

  /** True where no more is known than the error of one field: what else is missing may need an error of its own. */
  isUnresolvedByField(object: StoreObject): boolean {
    return this.unresolved?.get(object) === true;
  }

  private callErrors(request: SubgraphRequest): CallErrors {
    const calls = (this.calls ??= new Map<SubgraphRequest, CallErrors>());
    let call = calls.get(request);
    if (!call) calls.set(request, (call = { told: 0, leftOut: 0, last: undefined }));
    return call;
  }
}

/** Without a path: it stands for errors anywhere in the response. */
function leftOutError({ leftOut, last }: CallErrors): GraphQLError {
  const message = `${leftOut} more errors of the same answer of a subgraph are not listed.`;
  return new GraphQLError(message, { extensions: last?.extensions ?? { code: 'SUBGRAPH_ERROR' } });
}

/** What `formatError` may look at: what was thrown, or the error as the subgraph sent it, as ApolloGateway gives it. */
function originalErrorOf(problem: SubgraphProblem): Error | undefined {
  if (problem.kind === 'thrown') return problem.error instanceof Error ? problem.error : undefined;
  const { message, extensions } = problem;
  return Object.freeze({ name: 'Error', message, extensions });
}

/** An entry of a response's `errors`, read without trust (GraphQL spec §7.1.2). */
export interface ReportedError {
  readonly problem: ReportedProblem;
  readonly path: ResponsePath | undefined;
}

/**
 * Reads the `errors` of a subgraph's response, as many as can be told, and says how many there are. Whatever is no error
 * object becomes one without details.
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

/** Some subgraphs write the index of an item as text; no name begins with a digit. */
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
