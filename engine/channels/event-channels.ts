/** Receives what is sent to a channel. */
export interface ChannelReader {
  /** What was sent, as text. */
  message(text: string): void;
  /** The connection is lost: what is sent from now on is not received. */
  lost(): void;
  /** The connection is there again, and so is the channel. */
  restored(): void;
}

/** A channel that is read. */
export interface OpenChannel {
  close(): void;
}

/** Named channels of events: those of a broker, or of this process. */
export interface EventChannels {
  /** Opens a channel. Resolves when all that is sent from then on is received. */
  open(channel: string, reader: ChannelReader): Promise<OpenChannel>;
}

/** The channels of this process. */
export class LocalChannels implements EventChannels {
  private readonly readers = new Map<string, Set<ChannelReader>>();

  open(channel: string, reader: ChannelReader): Promise<OpenChannel> {
    const readers = this.readers.get(channel) ?? new Set();
    this.readers.set(channel, readers.add(reader));
    const close = (): void => {
      readers.delete(reader);
      if (readers.size === 0) this.readers.delete(channel);
    };
    return Promise.resolve({ close });
  }

  /** How many channels are open. */
  get size(): number {
    return this.readers.size;
  }

  /** Sends an event, such as `{ __typename: 'Order', id: '1' }`, to those that read the channel now. */
  publish(channel: string, event: Readonly<Record<string, unknown>>): void {
    const readers = this.readers.get(channel);
    if (!readers) return;
    const text = JSON.stringify(event);
    for (const reader of [...readers]) reader.message(text);
  }
}
