import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { EndReason } from '../../../engine/streams/end-reason.ts';
import type { SubscriptionStream } from '../../../engine/streams/subscription-stream.ts';

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

/** The results of a stream for graphql-ws; throws EndedWithErrors where an error ends it. */
export class SocketResults implements AsyncIterableIterator<SocketResult> {
  private readonly stream: SubscriptionStream;
  private readonly onOver: () => void;
  private readonly closeSocket: (code: number) => void;

  constructor(stream: SubscriptionStream, onOver: () => void, closeSocket: (code: number) => void) {
    this.stream = stream;
    this.closeSocket = closeSocket;
    this.onOver = onOver;
  }

  async next(): Promise<IteratorResult<SocketResult>> {
    for (;;) {
      const result = await this.stream.next();
      if (result.done === true) return over;
      const item = result.value;
      // The pings of the socket are enough.
      if (item.kind === 'heartbeat') continue;
      if (item.kind === 'next') return { done: false, value: socketResultOf(item.json) };
      this.onOver();
      const code = closeCodes.get(item.reason);
      if (code !== undefined) this.closeSocket(code);
      if (code !== undefined || item.json === undefined) return over;
      throw new EndedWithErrors(socketResultOf(item.json).errors ?? []);
    }
  }

  async return(): Promise<IteratorResult<SocketResult>> {
    await this.stream.return();
    this.onOver();
    return over;
  }

  /** The library takes only what has this for something that it can end. */
  async throw(): Promise<IteratorResult<SocketResult>> {
    return this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

const over: IteratorResult<SocketResult> = { done: true, value: undefined };
