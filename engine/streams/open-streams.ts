import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../../common/errors.ts';
import type { GatewayReason } from './end-reason.ts';
import type { SubscriptionStream } from './subscription-stream.ts';

/** How many streams may be open. */
export interface OpenStreamsLimits {
  readonly maxOpen: number;
  readonly maxPerViewer: number;
  readonly heartbeatMs: number;
}

/** How many streams are handled before others get their turn. */
const atOnce = 250;

/** All open streams of this process, by their viewers. */
export class OpenStreams {
  private readonly limits: OpenStreamsLimits;
  private readonly streams = new Set<SubscriptionStream>();
  private readonly counts = new Map<string, number>();
  private readonly timer: NodeJS.Timeout;
  private isStopping = false;

  constructor(limits: OpenStreamsLimits) {
    this.limits = limits;
    // One timer for all: thousands of them would cost more than the heartbeats.
    this.timer = setInterval(() => {
      this.forEach((stream) => {
        stream.beat();
      }).catch(() => undefined);
    }, limits.heartbeatMs).unref();
  }

  get size(): number {
    return this.streams.size;
  }

  /** Throws an AppError where another stream of a viewer may not be opened. */
  requireRoom(owner: string): void {
    const { maxOpen, maxPerViewer } = this.limits;
    if (this.isStopping || this.streams.size >= maxOpen) {
      throw new AppError('OVERLOADED', 'The service is at its capacity; try again.', {
        retryAfterSeconds: 1,
      });
    }
    if ((this.counts.get(owner) ?? 0) < maxPerViewer) return;
    throw new AppError(
      'SUBSCRIPTION_LIMIT',
      `At most ${maxPerViewer} subscriptions may be open at a time: end one first.`,
    );
  }

  add(stream: SubscriptionStream): void {
    const { owner } = stream.request;
    this.streams.add(stream);
    this.counts.set(owner, (this.counts.get(owner) ?? 0) + 1);
  }

  delete(stream: SubscriptionStream): void {
    if (!this.streams.delete(stream)) return;
    const { owner } = stream.request;
    const left = (this.counts.get(owner) ?? 1) - 1;
    if (left > 0) this.counts.set(owner, left);
    else this.counts.delete(owner);
  }

  /** Does something with each open stream, and lets others have their turn in between. */
  async forEach(handle: (stream: SubscriptionStream) => unknown): Promise<void> {
    let handled = 0;
    for (const stream of [...this.streams]) {
      await handle(stream);
      handled += 1;
      if (handled % atOnce === 0) await turn();
    }
  }

  /** Ends streams, evenly over a time, so that their clients do not all come back at once. */
  async endSpread(
    streams: readonly SubscriptionStream[],
    reason: GatewayReason,
    overMs: number,
  ): Promise<void> {
    const [batches, size] = [Math.ceil(streams.length / atOnce), atOnce];
    for (let batch = 0; batch < batches; batch += 1) {
      if (batch > 0) await pause(overMs / batches, undefined, { ref: false });
      for (const stream of streams.slice(batch * size, (batch + 1) * size)) stream.end(reason);
    }
  }

  /** Ends all streams, and lets no other begin. */
  async stop(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.timer);
    await this.forEach((stream) => {
      stream.end('server stops');
    });
  }
}
