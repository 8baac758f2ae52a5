import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { EndReason } from '../../../engine/streams/end-reason.ts';
import type {
  StreamItem,
  StreamReader,
  SubscriptionStream,
} from '../../../engine/streams/subscription-stream.ts';
import type { SocketEnd } from './socket-end.ts';

/** Asks the client to come back, with new credentials. */
export const forbidden = 4403;
/** Asks the client to come back (RFC 6455 §7.4.1). */
export const serviceRestart = 1012;

/** What ends the whole socket, and not one operation of it. */
const closeCodes: ReadonlyMap<EndReason, number> = new Map([
  ['token expired', forbidden],
  ['session ended', forbidden],
  ['server stops', serviceRestart],
]);

/** A result as graphql-ws sends it: with errors that format themselves. */
export interface SocketResult {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly GraphQLError[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Reads the text of a response. */
export function socketResultOf(json: string): SocketResult {
  const { errors, ...rest } = JSON.parse(json) as {
    readonly data?: Readonly<Record<string, unknown>> | null;
    readonly errors?: readonly GraphQLFormattedError[];
  };
  return { ...rest, ...(errors && { errors: errors.map(toError) }) };
}

/** Only `toJSON` of such an error is used: it is sent as it was formatted. */
function toError(formatted: GraphQLFormattedError): GraphQLError {
  const { message, path, extensions } = formatted;
  const error = new GraphQLError(message, { path, extensions });
  error.toJSON = () => formatted;
  return error;
}

/** Thrown to end an operation with errors: the message `error` of graphql-transport-ws. */
export class EndedWithErrors extends Error {
  readonly errors: readonly GraphQLError[];

  constructor(errors: readonly GraphQLError[]) {
    super('The subscription has ended.');
    this.name = 'EndedWithErrors';
    this.errors = errors;
  }
}

/** The results of a stream for graphql-ws; rejects with EndedWithErrors where an error ends it. */
export class SocketResults implements AsyncIterableIterator<SocketResult>, StreamReader {
  private readonly stream: SubscriptionStream;
  private readonly end: Pick<SocketEnd, 'close'>;
  /** The library has not asked for more since it was given something: the socket has not taken that. */
  isHeldUp = false;
  private asked: Asked | undefined;
  private isWaiting = false;
  private isOver = false;

  constructor(stream: SubscriptionStream, end: Pick<SocketEnd, 'close'>) {
    this.stream = stream;
    this.end = end;
    stream.reader = this;
  }

  next(): Promise<IteratorResult<SocketResult>> {
    if (this.isOver) return Promise.resolve(over);
    return new Promise((resolve, reject) => {
      this.asked = { resolve, reject };
      this.isHeldUp = false;
      this.wake();
    });
  }

  wake(): void {
    while (this.asked && !this.isWaiting) {
      const item = this.stream.take();
      if (item === undefined) return;
      if (item instanceof Promise) this.await(item, this.asked);
      else this.give(item, this.asked);
    }
  }

  return(): Promise<IteratorResult<SocketResult>> {
    this.isOver = true;
    this.stream.leave();
    this.asked?.resolve(over);
    this.asked = undefined;
    return Promise.resolve(over);
  }

  /** The library takes only what has this for something that it can end. */
  throw(): Promise<IteratorResult<SocketResult>> {
    return this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private await(coming: Promise<StreamItem | undefined>, asked: Asked): void {
    this.isWaiting = true;
    coming.then(
      (item) => {
        this.isWaiting = false;
        if (item) this.give(item, asked);
        this.wake();
      },
      (error: unknown) => {
        asked.reject(error);
        // The library ends nothing that has failed.
        void this.return();
      },
    );
  }

  private give(item: StreamItem, { resolve, reject }: Asked): void {
    // The pings of the socket are enough.
    if (item.kind === 'heartbeat') return;
    this.asked = undefined;
    this.isHeldUp = true;
    if (item.kind === 'next') {
      resolve({ done: false, value: socketResultOf(item.json) });
      return;
    }
    this.isOver = true;
    const code = closeCodes.get(item.reason);
    if (code !== undefined) this.end.close(code);
    if (code !== undefined || item.json === undefined) resolve(over);
    else reject(new EndedWithErrors(socketResultOf(item.json).errors ?? []));
  }
}

interface Asked {
  readonly resolve: (result: IteratorResult<SocketResult>) => void;
  readonly reject: (error: unknown) => void;
}

const over: IteratorResult<SocketResult> = { done: true, value: undefined };
