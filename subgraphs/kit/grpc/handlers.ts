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

/** What a handler knows of its call besides the request. */
export interface CallScope {
  readonly correlationId: string;
  readonly traceparent: string;
  /** The text of a key of the caller's metadata; `undefined` when it is not there once. */
  readonly header: (name: string) => string | undefined;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** Decides whether a call is answered at all. Throws AppError UNAUTHENTICATED or FORBIDDEN. */
export type Admit = (scope: CallScope) => void;

/** What handlers are made of. */
export interface HandlerDependencies {
  readonly clock: Clock;
  readonly log: Logger;
  /** Told of each call that begins; the function that it gives is called at its end. */
  readonly onCall: (path: string) => () => void;
}

/** Turns functions into handlers of calls, each with its deadline, its caller and one way in which it fails. */
export interface Handlers {
  unary<TRequest, TResponse>(
    admit: Admit,
    answer: (request: TRequest, scope: CallScope) => Promise<TResponse>,
  ): handleUnaryCall<TRequest, TResponse>;
  /**
   * A stream of what `pages` gives. The next page is asked for when the reader has taken the last one: what is in memory
   * is one page and what is on its way, however slow the reader is. A reader that takes nothing for a minute is let go.
   */
  serverStream<TRequest, TResponse>(
    admit: Admit,
    pages: (request: TRequest, scope: CallScope) => AsyncIterable<readonly TResponse[]>,
  ): handleServerStreamingCall<TRequest, TResponse>;
}

/** The time of a call that came with no deadline. */
const unaryMaxMs = 10_000;

/** For so long a stream waits for its reader. */
const readerMaxMs = 60_000;

/** Makes handlers. What the database is asked in a call ends with the call: at its deadline, or when it is cancelled. */
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
      `Nothing was read for ${readerMaxMs} ms: the stream is ended.`,
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
