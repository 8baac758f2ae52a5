import { Kind } from 'graphql';
import type { EventSink, OpenEvents } from '../fetching/event-source.ts';
import { SubgraphFailure } from '../fetching/failure.ts';
import type { SubgraphResponse } from '../fetching/types.ts';
import type { ChannelHub, HubReader } from './channel-hub.ts';
import { type EventOperation, readEvent, responseTo } from './read-event.ts';

/** What a group is made of. */
export interface EventGroupParts {
  readonly channel: string;
  readonly hub: ChannelHub;
  readonly operation: EventOperation;
  /** The values of the field's arguments. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly subgraph: string;
  /** Called when the last subscription has left. */
  readonly onEmpty: () => void;
}

/** Equal subscriptions to a channel, of any viewers: each event is read once for all of them, and is one object. */
export class EventGroup implements HubReader {
  private readonly parts: EventGroupParts;
  private readonly sinks = new Set<EventSink>();
  private isLive = false;
  private leave: (() => void) | undefined;

  constructor(parts: EventGroupParts) {
    this.parts = parts;
  }

  /** Adds a subscription. With `initial` it begins with the present state, once nothing after that can be missed. */
  join(sink: EventSink): OpenEvents {
    const { hub, channel } = this.parts;
    this.sinks.add(sink);
    this.leave ??= hub.join(channel, this);
    if (this.isLive) this.sendState([sink]);
    return {
      close: () => {
        if (this.sinks.delete(sink) && this.sinks.size === 0) this.close();
      },
    };
  }

  message(text: string): void {
    const event = readEvent(text, this.parts.operation);
    for (const sink of [...this.sinks]) sink.next(event);
  }

  live(): void {
    this.isLive = true;
    this.sendState([...this.sinks]);
  }

  /** With the present state, nothing is lost when the channel is back; without it, the client has to know. */
  lost(): void {
    this.isLive = false;
    if (!this.parts.operation.field.initialKey) this.failed('was lost');
  }

  failed(problem: string): void {
    const { channel, subgraph } = this.parts;
    const sinks = [...this.sinks];
    this.sinks.clear();
    this.close();
    const told = `has no events: the channel ${JSON.stringify(channel)} ${problem}.`;
    for (const sink of sinks) sink.end(new SubgraphFailure('SUBGRAPH_ERROR', subgraph, told));
  }

  private sendState(sinks: readonly EventSink[]): void {
    const state = this.state();
    if (state) for (const sink of sinks) sink.next(state);
  }

  /** The entity that the arguments name, as if it had just changed. */
  private state(): SubgraphResponse | undefined {
    const { operation, values } = this.parts;
    const { initialKey, type } = operation.field;
    if (!initialKey) return undefined;
    const entity: Record<string, unknown> = { __typename: type };
    for (const each of initialKey.fields.selections) {
      if (each.kind === Kind.FIELD) entity[each.name.value] = values[each.name.value];
    }
    return responseTo(entity, operation);
  }

  private close(): void {
    this.isLive = false;
    this.leave?.();
    this.leave = undefined;
    this.parts.onEmpty();
  }
}
