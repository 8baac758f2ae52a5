import type { JsonAnswer } from '../execution/execute.ts';
import type { SubgraphResponse } from '../fetching/types.ts';

/** The response to an event; `undefined` when the viewer may not see it. */
export type EventAnswer = JsonAnswer | undefined;

/** The answers to events, so that equal subscriptions of one viewer need one. They are kept as long as their event. */
export class SharedCompletions {
  private readonly ofEvents = new WeakMap<SubgraphResponse, Map<string, Promise<EventAnswer>>>();
  private readonly ids = new WeakMap<object, number>();
  private count = 0;

  /** The answer for a key; `make` is called by the first that asks. */
  of(event: SubgraphResponse, key: string, make: () => Promise<EventAnswer>): Promise<EventAnswer> {
    const answers = this.ofEvents.get(event) ?? new Map<string, Promise<EventAnswer>>();
    this.ofEvents.set(event, answers);
    const answer = answers.get(key) ?? make();
    answers.set(key, answer);
    return answer;
  }

  /** A number for an object, as a part of keys. */
  idOf(object: object): number {
    const id = this.ids.get(object) ?? (this.count += 1);
    this.ids.set(object, id);
    return id;
  }
}
