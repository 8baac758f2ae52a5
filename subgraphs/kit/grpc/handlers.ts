import { once } from 'node:events';
import {
  type handleServerStreamingCall,
  type handleUnaryCall,
  type Metadata,
  type ServerUnaryCall,
  type ServerWritableStream,
  status,
} from '@grpc/grpc-js';
import type { Clock } from '../../../common/clock.ts';
import { correlationHeader, correlationIdFrom } from '../../../common/correlation.ts';
import type { Logger } from '../../../common/logger.ts';
import { traceparentFrom, traceparentHeader } from '../../../common/trace-context.ts';
import { createRequestTime, withinRequestTime } from '../request-time.ts';
import { StatusError, toFailedCall } from './status-error.ts';

/** What a handler knows about its call besides the request. */
export interface CallScope {
  readonly correlationId: string;
  readonly traceparent: string;
  /** The text of a key in the caller's metadata; `undefined` unless it occurs exactly once. */
  readonly header: (name: string) => string | undefined;
  /** Aborted when the caller no longer waits for the response. */
  readonly signal: AbortSignal;
}

/** Decides whether a call is allowed. Throws AppError UNAUTHENTICATED or FORBIDDEN. */
export type Admit = (scope: CallScope) => void;

/** The dependencies of handlers. */
export interface HandlerDependencies {
  readonly clock: Clock;
  readonly log: Logger;
  /** Called when a call begins; the function it returns is called at the end. */
  readonly onCall: (path: string) => () => void;
}

/** Turns functions into call handlers, with a deadline, the caller, and uniform errors. */
export interface Handlers {
  unary<TRequest, TResponse>(
    admit: Admit,
    answer: (request: TRequest, scope: CallScope) => Promise<TResponse>,
  ): handleUnaryCall<TRequest, TResponse>;
  /**
   * Streams the items of `pages`. The next page is requested when the reader has received the last one: memory holds
   * one page and what is in transit, however slow the reader is. A reader that receives nothing for a minute is
   * disconnected.
   */
  serverStream<TRequest, TResponse>(
    admit: Admit,
    pages: (request: TRequest, scope: CallScope) => AsyncIterable<readonly TResponse[]>,
  ): handleServerStreamingCall<TRequest, TResponse>;
}

/** The deadline of a call without one. */
const unaryMaxMs = 10_000;

/** The longest a stream waits for its reader. */
const readerMaxMs = 60_000;

/** Creates handlers. Database queries of a call end with the call: at its deadline, or when it is cancelled. */
export function createHandlers({ clock, log, onCall }: HandlerDependencies): Handlers {
  const run = async (
    call: ServerUnaryCall<unknown, unknown> | ServerWritableStream<unknown, unknown>,
    maxMs: number | undefined,
    work: (scope: CallScope) => Promise<void>,
  ): Promise<ReturnType<typeof toFailedCall> | undefined> => {
    const ended = onCall(call.getPath());
    const gone = new AbortController();
    const time = createRequestTime(remainingMsOf(call, clock) ?? maxMs, clock);
    call.on('cancelled', () => {
      time.end();
      gone.abort();
    });
    const scope = scopeOf(call.metadata, gone.signal);
    try {
      await withinRequestTime(time, () => work(scope));
      return undefined;
    } catch (error) {
      const failed = toFailedCall(error);
      if (failed.isUnexpected) {
        const { correlationId } = scope;
        log.error({ correlationId, call: call.getPath(), err: error }, 'call failed');
      }
      return failed;
    } finally {
      ended();
    }
  };

  return {
    unary: (admit, answer) => (call, callback) => {
      void run(call, unaryMaxMs, async (scope) => {
        admit(scope);
        callback(null, await answer(call.request, scope));
      }).then((failed) => {
        if (failed) callback({ code: failed.code, details: failed.details });
      });
    },

    serverStream: (admit, pages) => (call) => {
      void run(call, undefined, async (scope) => {
        admit(scope);
        await writePages(call, pages(call.request, scope), scope.signal);
      }).then((failed) => {
        if (failed) call.emit('error', { code: failed.code, details: failed.details });
        else call.end();
      });
    },
  };
}

async function writePages<TResponse>(
  call: ServerWritableStream<unknown, TResponse>,
  pages: AsyncIterable<readonly TResponse[]>,
  gone: AbortSignal,
): Promise<void> {
  for await (const page of pages) {
    for (const message of page) {
      if (gone.aborted) return;
      if (!call.write(message)) await drained(call, gone);
    }
  }
}

async function drained(call: ServerWritableStream<unknown, unknown>, gone: AbortSignal) {
  const late = AbortSignal.timeout(readerMaxMs);
  try {
    await once(call, 'drain', { signal: AbortSignal.any([gone, late]) });
  } catch (error) {
    if (gone.aborted) return;
    if (!late.aborted) throw error;
    throw new StatusError(
      status.DEADLINE_EXCEEDED,
      `Nothing was read for ${readerMaxMs} ms: the stream was ended.`,
    );
  }
}

function scopeOf(metadata: Metadata, signal: AbortSignal): CallScope {
  const header = (name: string): string | undefined => {
    const [value, another] = metadata.get(name);
    return typeof value === 'string' && another === undefined ? value : undefined;
  };
  return {
    correlationId: correlationIdFrom(header(correlationHeader)),
    traceparent: traceparentFrom(header(traceparentHeader)),
    header,
    signal,
  };
}

function remainingMsOf(
  call: ServerUnaryCall<unknown, unknown> | ServerWritableStream<unknown, unknown>,
  clock: Clock,
): number | undefined {
  const deadline = Number(call.getDeadline());
  return Number.isFinite(deadline) ? deadline - clock.now() : undefined;
}
