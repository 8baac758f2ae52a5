import type { ErrorFormat, ExecutableOperation, JsonAnswer } from '../execution/execute.ts';
import type { RequestContext, SubgraphResponse } from '../fetching/types.ts';

/** The response to an event; `undefined` when the viewer may not see it. */
export type EventAnswer = JsonAnswer | undefined;

/** How long an answer is given to others: what a viewer may see can change after that. */
const maxAgeMs = 1_000;

interface Shared {
  readonly answer: Promise<EventAnswer>;
  readonly madeAt: number;
}

/** By what equal answers to an event are known. */
export interface CompletionKey {
  readonly executable: ExecutableOperation;
  readonly format: ErrorFormat;
  /** The variables as JSON. */
  readonly variables: string;
  readonly context: RequestContext;
  /** The subgraphs that are asked. */
  readonly subgraphs: readonly string[];
}

/** The answers to events, so that equal subscriptions of one viewer need one. They go with their event. */
export class SharedCompletions {
  private readonly ofEvents = new WeakMap<SubgraphResponse, Map<string, Shared>>();
  private readonly ids = new WeakMap<object, number>();
  private count = 0;

  /** The answer for a key; `make` is called by the first that asks, and by the first after a second. */
  of(
    event: SubgraphResponse,
    { executable, format, variables, context, subgraphs }: CompletionKey,
    make: () => Promise<EventAnswer>,
  ): Promise<EventAnswer> {
    const key = JSON.stringify([
      this.idOf(executable.step),
      this.idOf(format),
      variables,
      // Data sources of a user take the viewer from there.
      context.incoming && this.idOf(context.incoming),
      // What decides what a viewer sees is there.
      subgraphs.map(context.headersFor),
    ]);
    const answers = this.ofEvents.get(event) ?? new Map<string, Shared>();
    this.ofEvents.set(event, answers);
    const known = answers.get(key);
    const now = performance.now();
    if (known && now - known.madeAt < maxAgeMs) return known.answer;
    const answer = make();
    answers.set(key, { answer, madeAt: now });
    return answer;
  }

  /** A number for an object, as a part of keys. */
  private idOf(object: object): number {
    const id = this.ids.get(object) ?? (this.count += 1);
    this.ids.set(object, id);
    return id;
  }
}
