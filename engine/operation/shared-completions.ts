import type { JsonAnswer } from '../execution/execute.ts';
import type { SubgraphResponse } from '../fetching/types.ts';

/** The response to an event; `undefined` when the viewer may not see it. */
export type EventAnswer = JsonAnswer | undefined;

/** How long an answer is given to others: what a viewer may see can change after that. */
const maxAgeMs = 1_000;

interface Shared {
  readonly answer: Promise<EventAnswer>;
  readonly madeAt: number;
}

/** The answers to events, so that equal subscriptions of one viewer need one. They go with their event. */
export class SharedCompletions {
  private readonly ofEvents = new WeakMap<SubgraphResponse, Map<string, Shared>>();
  private readonly ids = new WeakMap<object, number>();
  private count = 0;

  /** The answer for a key; `make` is called by the first that asks, and by the first after a second. */
  of(event: SubgraphResponse, key: string, make: () => Promise<EventAnswer>): Promise<EventAnswer> {
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
  idOf(object: object): number {
    const id = this.ids.get(object) ?? (this.count += 1);
    this.ids.set(object, id);
    return id;
  }
}
