import { GraphQLError } from 'graphql';
import type { ProblemMapper, SubgraphProblem, SubgraphRequest } from '../fetching/types.ts';
import { isStoreObject, type ResponsePath, type StoreObject } from './store.ts';

/** The most errors that one problem is repeated for when it concerns many positions of the response. */
const positionsPerProblemMax = 100;

/** Collects what goes wrong while one operation runs. Costs nothing until something does. */
export class Problems {
  private readonly mapProblem: ProblemMapper;
  private readonly clientKeys: ReadonlyMap<string, string>;
  private reported: GraphQLError[] | undefined;
  private known: Set<string> | undefined;
  private positions: WeakMap<GraphQLError, ResponsePath> | undefined;
  private unresolved: WeakSet<StoreObject> | undefined;

  /** `clientKeys` gives the client's response key for each key that was renamed for planning. */
  constructor(mapProblem: ProblemMapper, clientKeys: ReadonlyMap<string, string>) {
    this.mapProblem = mapProblem;
    this.clientKeys = clientKeys;
  }

  /** The errors so far, in the order they were met; `undefined` for none. */
  get errors(): readonly GraphQLError[] | undefined {
    return this.reported;
  }

  /**
   * Adds one error for each position; a problem without a known position concerns the whole response. What is met
   * twice, as a plan may fetch a field twice, is one error (GraphQL spec §6.4.4).
   */
  report(
    problem: SubgraphProblem,
    request: SubgraphRequest,
    positions: readonly (ResponsePath | undefined)[],
  ): void {
    const { message, extensions } = this.mapProblem(problem, request);
    const originalError = originalErrorOf(problem);
    for (const position of positions.slice(0, positionsPerProblemMax)) {
      const path = position?.map((step) =>
        typeof step === 'string' ? (this.clientKeys.get(step) ?? step) : step,
      );
      const identity = JSON.stringify([position, message]);
      if (position && this.known?.has(identity)) continue;
      (this.known ??= new Set()).add(identity);
      const error = new GraphQLError(message, { path, extensions, originalError });
      (this.reported ??= []).push(error);
      if (position) (this.positions ??= new WeakMap()).set(error, position);
    }
  }

  /** Where an error stands in the store, whose keys tell more fields apart than the client's. */
  positionOf(error: GraphQLError): ResponsePath | undefined {
    return this.positions?.get(error);
  }

  /** Remembers that fields of this object are missing for a reason that is known. */
  markUnresolved(object: StoreObject): void {
    (this.unresolved ??= new WeakSet()).add(object);
  }

  isUnresolved(object: StoreObject): boolean {
    return this.unresolved?.has(object) === true;
  }
}

/** What `formatError` may look at: what was thrown, or the error as the subgraph sent it, as ApolloGateway gives it. */
function originalErrorOf(problem: SubgraphProblem): Error | undefined {
  if (problem.kind === 'thrown') return problem.error instanceof Error ? problem.error : undefined;
  const { message, extensions } = problem;
  return Object.freeze({ name: 'Error', message, extensions });
}

/** An entry of a response's `errors`, read without trust (GraphQL spec §7.1.2). */
export interface ReportedError {
  readonly problem: Extract<SubgraphProblem, { kind: 'reported' }>;
  readonly path: ResponsePath | undefined;
}

/** Reads the `errors` of a subgraph's response. Whatever is no error object becomes one without details. */
export function reportedErrors(errors: unknown): readonly ReportedError[] {
  if (errors === undefined || errors === null) return [];
  return (Array.isArray(errors) ? errors : [errors]).map((entry: unknown) => {
    const { message, extensions, path } = isStoreObject(entry) ? entry : {};
    return {
      problem: {
        kind: 'reported',
        message: typeof message === 'string' ? message : 'The subgraph reported an error.',
        extensions: isStoreObject(extensions) ? extensions : undefined,
      },
      path: isResponsePath(path) ? path : undefined,
    };
  });
}

function isResponsePath(path: unknown): path is ResponsePath {
  return (
    Array.isArray(path) &&
    path.every((step) => typeof step === 'string' || (typeof step === 'number' && step >= 0))
  );
}
