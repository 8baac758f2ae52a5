import { messageOf } from '../../common/errors.ts';
import type { ChannelReader, EventChannels, OpenChannel } from './event-channels.ts';

/** How long channels may take. */
export interface ChannelTimes {
  /** To be opened. */
  readonly openMs: number;
  /** To be there again after a lost connection. */
  readonly reconnectMs: number;
}

/** Reads a channel together with others. */
export interface HubReader {
  message(text: string): void;
  /** The channel is open, or open again: from now on nothing is missed. */
  live(): void;
  /** What is sent now is missed. */
  lost(): void;
  /** The channel cannot be read; nothing comes after this. The problem is the end of a sentence. */
  failed(problem: string): void;
}

interface Shared {
  readonly readers: Set<HubReader>;
  open: OpenChannel | undefined;
  isLive: boolean;
  timer: NodeJS.Timeout | undefined;
}

/** Opens each channel once, for all that read it, and closes it when the last of them has left. */
export class ChannelHub {
  private readonly channels: EventChannels;
  private readonly times: ChannelTimes;
  private readonly shared = new Map<string, Shared>();

  constructor(channels: EventChannels, times: ChannelTimes) {
    this.channels = channels;
    this.times = times;
  }

  /** Reads a channel; the function that it returns ends that. Calls the reader only later. */
  join(channel: string, reader: HubReader): () => void {
    const shared = this.shared.get(channel) ?? this.start(channel);
    shared.readers.add(reader);
    if (shared.isLive) {
      setImmediate(() => {
        if (shared.isLive && shared.readers.has(reader)) reader.live();
      });
    }
    return () => {
      shared.readers.delete(reader);
      if (shared.readers.size === 0) this.end(channel, shared);
    };
  }

  private start(channel: string): Shared {
    const shared: Shared = { readers: new Set(), open: undefined, isLive: false, timer: undefined };
    this.shared.set(channel, shared);
    const { openMs, reconnectMs } = this.times;
    this.failAfter(openMs, `could not be opened within ${openMs} ms`, channel, shared);
    const reader: ChannelReader = {
      message: (text) => {
        for (const each of [...shared.readers]) each.message(text);
      },
      lost: () => {
        shared.isLive = false;
        this.failAfter(reconnectMs, `was lost for ${reconnectMs} ms`, channel, shared);
        for (const each of [...shared.readers]) each.lost();
      },
      restored: () => {
        if (shared.open) this.live(shared);
      },
    };
    this.open(channel, reader).then(
      (open) => {
        shared.open = open;
        if (this.shared.get(channel) === shared) this.live(shared);
        else open.close();
      },
      (error: unknown) => {
        this.fail(`could not be opened: ${messageOf(error)}`, channel, shared);
      },
    );
    return shared;
  }

  /** A source that throws is one that rejects. */
  private async open(channel: string, reader: ChannelReader): Promise<OpenChannel> {
    return this.channels.open(channel, reader);
  }

  private live(shared: Shared): void {
    clearTimeout(shared.timer);
    shared.isLive = true;
    for (const each of [...shared.readers]) each.live();
  }

  private failAfter(ms: number, problem: string, channel: string, shared: Shared): void {
    clearTimeout(shared.timer);
    shared.timer = setTimeout(() => {
      this.fail(problem, channel, shared);
    }, ms);
  }

  private fail(problem: string, channel: string, shared: Shared): void {
    const readers = [...shared.readers];
    shared.readers.clear();
    this.end(channel, shared);
    for (const each of readers) each.failed(problem);
  }

  private end(channel: string, shared: Shared): void {
    clearTimeout(shared.timer);
    shared.isLive = false;
    if (this.shared.get(channel) === shared) this.shared.delete(channel);
    shared.open?.close();
    shared.open = undefined;
  }
}
