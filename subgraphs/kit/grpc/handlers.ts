import { type EventEmitter, once } from 'node:events';
import {
  type handleBidiStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  type Metadata,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  status,
} from '@grpc/grpc-js';
import type { Clock } from '../../../common/clock.ts';
import { correlationHeader, correlationIdFrom } from '../../../common/correlation.ts';
import type { Logger } from '../../../common/logger.ts';
import { traceparentFrom, traceparentHeader } from '../../../common/trace-context.ts';
import { createRequestTime, withinRequestTime } from '../request-time.ts';
import { type FailedCall, StatusError, toFailedCall } from './status-error.ts';

/** The request on whose behalf a call, or a part of it, is made. */
type Cause = Pick<CallScope, 'correlationId' | 'traceparent'>;

/** What a handler knows about its call besides the request. */
export interface CallScope {
  readonly correlationId: string;
  readonly traceparent: string;
  /** The text of a key in the caller's metadata; `undefined` unless it occurs exactly once. */
  readonly header: (name: string) => string | undefined;
  /** How a call of its own would have ended for a part that failed. An unexpected error is logged, as of its cause. */
  readonly failedPart: (error: unknown, cause: Cause) => FailedCall;
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
  /** The longest that a stream waits for its reader; a minute by default. */
  readonly readerMaxMs?: number | undefined;
}

/** The messages of a stream in both directions. */
export interface Exchange<TRequest, TResponse> {
  /** What the caller sends; read one at a time. Ends when the caller sends no more, or is gone. */
  readonly requests: AsyncIterable<TRequest>;
  /**
   * Sends a message, and resolves when there is room for the next one. Rejects when the reader takes none for `readerMaxMs`.
   */
  readonly write: (message: TResponse) => Promise<void>;
}

/** Turns functions into call handlers, with a deadline, the caller, and uniform errors. */
export interface Handlers {
  unary<TRequest, TResponse>(
    admit: Admit,
    answer: (request: TRequest, scope: CallScope) => Promise<TResponse>,
  ): handleUnaryCall<TRequest, TResponse>;
  /**
   * Streams the items of `pages`. The next page is requested when the reader has received the last one: memory holds
   * one page and what is in transit, however slow the reader is. A reader that receives nothing for `readerMaxMs` is
   * disconnected.
   */
  serverStream<TRequest, TResponse>(
    admit: Admit,
    pages: (request: TRequest, scope: CallScope) => AsyncIterable<readonly TResponse[]>,
  ): handleServerStreamingCall<TRequest, TResponse>;
  /** Serves streams in both directions. A stream ends when `serve` does. */
  bidiStream<TRequest, TResponse>(
    admit: Admit,
    serve: (exchange: Exchange<TRequest, TResponse>, scope: CallScope) => Promise<void>,
  ): handleBidiStreamingCall<TRequest, TResponse>;
}

type ServerCall =
  | ServerUnaryCall<unknown, unknown>
  | ServerWritableStream<unknown, unknown>
  | ServerDuplexStream<unknown, unknown>;
type WritableCall = ServerWritableStream<unknown, unknown> | ServerDuplexStream<unknown, unknown>;

/** The deadline of a call without one. */
const unaryMaxMs = 10_000;

const defaultReaderMaxMs = 60_000;

/** Creates handlers. Database queries of a call end with the call: at its deadline, or when it is cancelled. */
export function createHandlers({
  clock,
  log,
  onCall,
  readerMaxMs = defaultReaderMaxMs,
}: HandlerDependencies): Handlers {
  const toFailed = (path: string, error: unknown, cause: Cause): FailedCall => {
    const failed = toFailedCall(error);
    if (failed.isUnexpected) {
      const { correlationId, traceparent } = cause;
      log.error({ correlationId, traceparent, call: path, err: error }, 'call failed');
    }
    return failed;
  };
  const run = async (
    call: ServerCall,
    maxMs: number | undefined,
    work: (scope: CallScope) => Promise<void>,
  ): Promise<FailedCall | undefined> => {
    const path = call.getPath();
    const ended = onCall(path);
    const gone = new AbortController();
    const time = createRequestTime(remainingMsOf(call, clock) ?? maxMs, clock);
    (call as EventEmitter).on('cancelled', () => {
      time.end();
      gone.abort();
    });
    const scope: CallScope = {
      ...readMetadata(call.metadata),
      failedPart: (error, cause) => toFailed(path, error, cause),
      signal: gone.signal,
    };
    try {
      await withinRequestTime(time, () => work(scope));
      return undefined;
    } catch (error) {
      return toFailed(path, error, scope);
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
        await writePages(pages(call.request, scope), scope.signal, (message) =>
          write(call, message, scope.signal, readerMaxMs),
        );
      }).then((failed) => {
        finish(call, failed);
      });
    },

    bidiStream: (admit, serve) => (call) => {
      void run(call, undefined, async (scope) => {
        admit(scope);
        const exchange = {
          requests: requestsOf(call, scope.signal),
          write: (message: unknown) => write(call, message, scope.signal, readerMaxMs),
        };
        await serve(exchange, scope);
      }).then((failed) => {
        finish(call, failed);
      });
    },
  };
}

function finish(
  call: WritableCall,
  failed: { readonly code: status; readonly details: string } | undefined,
): void {
  if (failed) call.emit('error', { code: failed.code, details: failed.details });
  else call.end();
}

const readingEvents = ['readable', 'end', 'close'] as const;

/**
 * The requests of a stream. A caller that is gone sends no more, which is no error. The iterator of Node.js would destroy a
 * stream that ends with an error, before its status is sent.
 */
async function* requestsOf<TRequest>(
  call: ServerDuplexStream<TRequest, unknown>,
  gone: AbortSignal,
): AsyncGenerator<TRequest> {
  let wake = (): void => undefined;
  const onEvent = (): void => {
    wake();
  };
  for (const name of readingEvents) call.on(name, onEvent);
  try {
    while (!gone.aborted) {
      const request = call.read() as TRequest | null;
      if (request !== null) yield request;
      else if (call.readableEnded || call.destroyed) return;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    for (const name of readingEvents) call.off(name, onEvent);
  }
}

async function writePages<TResponse>(
  pages: AsyncIterable<readonly TResponse[]>,
  gone: AbortSignal,
  send: (message: TResponse) => Promise<void>,
): Promise<void> {
  for await (const page of pages) {
    for (const message of page) {
      if (gone.aborted) return;
      await send(message);
    }
  }
}

async function write(
  call: WritableCall,
  message: unknown,
  gone: AbortSignal,
  readerMaxMs: number,
): Promise<void> {
  // What follows on the status of a call is dropped.
  if (gone.aborted || call.writableEnded || call.write(message)) return;
  await drained(call, gone, readerMaxMs);
}

async function drained(call: WritableCall, gone: AbortSignal, readerMaxMs: number): Promise<void> {
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

function readMetadata(
  metadata: Metadata,
): Pick<CallScope, 'correlationId' | 'traceparent' | 'header'> {
  const header = (name: string): string | undefined => {
    const [value, another] = metadata.get(name);
    return typeof value === 'string' && another === undefined ? value : undefined;
  };
  return {
    correlationId: correlationIdFrom(header(correlationHeader)),
    traceparent: traceparentFrom(header(traceparentHeader)),
    header,
  };
}

function remainingMsOf(call: ServerCall, clock: Clock): number | undefined {
  const deadline = Number(call.getDeadline());
  return Number.isFinite(deadline) ? deadline - clock.now() : undefined;
}
