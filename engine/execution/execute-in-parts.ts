import type { DirectiveNode } from 'graphql';
import { labelOf } from '../../common/deferred-fragments.ts';
import type { CompiledPart, CompiledParts } from './compile.ts';
import { completeObject, type CompletedObject } from './complete.ts';
import { errorsOfParts } from './divide-errors.ts';
import {
  type ExecutableOperation,
  type ExecutionAnswer,
  type ExecutionRequest,
  startRun,
  type Withheld,
  withWithheld,
} from './execute.ts';
import { FinishedFetches } from './finished-fetches.ts';
import { type ObjectPlace, type StartedPart, wholeResponse } from './object-place.ts';
import type { LocatedError, Problems } from './problems.ts';
import type { Run } from './run.ts';
import type { ResponsePath, StoreObject } from './store.ts';

/** An operation with deferred parts. */
export interface PartedOperation extends Omit<ExecutableOperation, 'passThrough' | 'step'> {
  readonly parts: CompiledParts;
  /** The deferred parts of a mutation start when all of its fields are done. */
  readonly isMutation: boolean;
  /** What a part says about fields the viewer may not see: the directives of the parts around it, and its own. */
  readonly withheldIn: (chain: readonly DirectiveNode[], place: string) => Withheld | undefined;
}

/** The primary part of a response, and the parts that follow it. */
export interface PartedExecution {
  readonly initial: ExecutionAnswer;
  /** Empty when there is nothing to deliver later: no object has a deferred part. */
  readonly pending: readonly PendingPart[];
  readonly later: AsyncIterable<Delivery>;
}

/** A deferred part at one object, which is not yet delivered. */
export interface PendingPart {
  /** Unique in its response. */
  readonly id: string;
  readonly label: string | undefined;
  readonly path: ResponsePath;
}

/** Parts that became ready together. */
export interface Delivery {
  readonly parts: readonly DeliveredPart[];
  /** The parts nested in these. */
  readonly pending: readonly PendingPart[];
  /** False for the last one. */
  readonly hasNext: boolean;
}

/** What a deferred part delivers. `data` is null when an error has nulled it, and there are errors then. */
export interface DeliveredPart extends Pick<ExecutionAnswer, 'errors' | 'extensions'> {
  readonly of: PendingPart;
  readonly data: StoreObject | null;
}

/**
 * Executes an operation with deferred parts; resolves with the primary part. A deferred part starts when what it depends
 * on has been fetched, and an error of its fetches is an error of that part. Never rejects because of a subgraph.
 */
export function executeInParts(
  operation: PartedOperation,
  request: ExecutionRequest,
): Promise<PartedExecution> {
  return new DeferredRun(operation, request).start();
}

/** The state of a part: its fetches, and the objects it is to be delivered for. */
class PartRun {
  readonly key: Pick<CompiledPart, 'directive' | 'place'> | undefined;
  /** The directives of the parts around it, and its own. */
  readonly chain: readonly DirectiveNode[];
  readonly problems: Problems;
  readonly nested: PartRun[] = [];
  readonly opened: { readonly part: StartedPart; readonly pending: PendingPart }[] = [];
  readonly errors = new Map<StartedPart, readonly LocatedError[]>();
  /** Never rejects. */
  finished: Promise<void> = Promise.resolve();
  /** When the parts around it are finished, too. */
  allFinished: Promise<unknown> = this.finished;
  isFinished = false;
  failure: Error | undefined;

  constructor(problems: Problems, key?: PartRun['key'], around: readonly DirectiveNode[] = []) {
    this.key = key;
    this.chain = key ? [...around, key.directive] : around;
    this.problems = problems;
  }

  /** Finishes once the fetches are done. */
  follow(fetches: Promise<void>, around: Promise<unknown> = Promise.resolve()): void {
    this.finished = fetches.then(
      () => {
        this.isFinished = true;
      },
      (error: unknown) => {
        this.isFinished = true;
        this.failure = error instanceof Error ? error : new Error(String(error));
      },
    );
    this.allFinished = Promise.all([this.finished, around]);
  }
}

class DeferredRun {
  private readonly operation: PartedOperation;
  private readonly request: ExecutionRequest;
  private readonly fetches = new FinishedFetches();
  private readonly run: Run;
  private readonly primary: PartRun;
  private readonly introspection: StoreObject | undefined;
  /** The parts that have objects and are not delivered yet. */
  private readonly open = new Set<PartRun>();
  private pendingCount = 0;

  constructor(operation: PartedOperation, request: ExecutionRequest) {
    this.operation = operation;
    this.request = request;
    this.run = startRun(operation, request, this.fetches);
    this.introspection = operation.introspect?.(request.variables);
    this.primary = new PartRun(this.run.problems);
  }

  async start(): Promise<PartedExecution> {
    const { operation, run, primary } = this;
    primary.follow(Promise.resolve(operation.parts.primary(run)));
    this.begin(operation.parts.deferred, primary);
    await primary.finished;
    if (primary.failure) throw primary.failure;
    const completed = this.complete(wholeResponse(operation.shape, run.root), primary);
    const { data, errors } = completed;
    const initial = withWithheld({ data, errors, cacheHint: undefined }, operation.withheld);
    return { initial, pending: this.openAll(completed, primary), later: this.deliveries() };
  }

  /** Starts the fetches of parts, and of the parts nested in them, each as soon as possible. */
  private begin(parts: readonly CompiledPart[], enclosing: PartRun): void {
    for (const part of parts) {
      const state = new PartRun(enclosing.problems.nested(), part, enclosing.chain);
      const run: Run = { ...this.run, problems: state.problems };
      const around = enclosing.allFinished;
      state.follow(
        this.ready(part, around).then(() => part.step(run)),
        around,
      );
      enclosing.nested.push(state);
      this.begin(part.deferred, state);
    }
  }

  /** A fetch without objects to fetch for may never run; then the part starts with the end of those around it. */
  private async ready(
    { startsEarly, depends }: CompiledPart,
    around: Promise<unknown>,
  ): Promise<void> {
    if (!startsEarly || this.operation.isMutation) {
      await around;
      return;
    }
    const fetches = Promise.all(depends.map((id) => this.fetches.wait(id)));
    await Promise.race([fetches, around]);
  }

  private async *deliveries(): AsyncGenerator<Delivery, undefined> {
    while (this.open.size > 0) {
      await Promise.race([...this.open].map(({ finished }) => finished));
      const parts: DeliveredPart[] = [];
      const pending: PendingPart[] = [];
      for (const state of [...this.open].filter(({ isFinished }) => isFinished)) {
        if (state.failure) throw state.failure;
        this.open.delete(state);
        for (const { delivered, nested } of this.deliver(state)) {
          parts.push(delivered);
          for (const each of nested) pending.push(each);
        }
      }
      yield { parts, pending, hasNext: this.open.size > 0 };
    }
  }

  /** What a part delivers for each of its objects. */
  private deliver(
    state: PartRun,
  ): readonly { readonly delivered: DeliveredPart; readonly nested: readonly PendingPart[] }[] {
    const { opened, key, chain, problems } = state;
    const parts = opened.map(({ part }) => part);
    const fetched = errorsOfParts(problems.located ?? [], parts);
    const withheld = key && this.operation.withheldIn(chain, key.place);
    return opened.map(({ part, pending }, index) => {
      const reported = [...(state.errors.get(part) ?? []), ...(fetched.get(part) ?? [])];
      const completed = this.complete(part, state, reported);
      const { data, errors } = completed;
      // One error counts for all objects, unless one has no other that explains its null.
      const isTold = index === 0 || (data === null && !errors);
      const answer: ExecutionAnswer = { data, errors, cacheHint: undefined };
      const told = isTold ? withWithheld(answer, withheld) : answer;
      const delivered = { of: pending, data, errors: told.errors, extensions: told.extensions };
      return { delivered, nested: this.openAll(completed, state) };
    });
  }

  private complete(
    place: ObjectPlace,
    { problems }: PartRun,
    reported?: readonly LocatedError[],
  ): CompletedObject {
    const { introspection } = this;
    return completeObject(place, { problems, types: this.request.types, introspection }, reported);
  }

  /** Opens the parts that have objects in a completed part. */
  private openAll({ started = [], later }: CompletedObject, enclosing: PartRun): PendingPart[] {
    return started.map((part) => {
      const { directive, place } = part.deferred;
      const state = this.stateOf({ directive, place }, enclosing);
      const pending = {
        id: String(this.pendingCount),
        label: labelOf(directive),
        path: part.path,
      };
      this.pendingCount += 1;
      state.opened.push({ part, pending });
      const errors = later?.get(part);
      if (errors) state.errors.set(part, errors);
      this.open.add(state);
      return pending;
    });
  }

  /** A part is not in the plan when the viewer may see nothing of it. */
  private stateOf(key: NonNullable<PartRun['key']>, enclosing: PartRun): PartRun {
    const known = enclosing.nested.find(
      (each) => each.key?.directive === key.directive && each.key.place === key.place,
    );
    if (known) return known;
    const state = new PartRun(enclosing.problems.nested(), key, enclosing.chain);
    state.isFinished = true;
    enclosing.nested.push(state);
    return state;
  }
}
