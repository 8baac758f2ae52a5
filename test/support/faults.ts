import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import type { Fault } from './fault-proxy.ts';

/** Answers nothing, and keeps the connection. */
export const silence: Fault = () => undefined;

/** Ends the connection by a reset. */
export const reset: Fault = ({ asker }) => {
  asker.resetAndDestroy();
};

/** Answers after a while. */
export function latency(ms: number): Fault {
  return async ({ asker, forward }) => {
    const response = await forward();
    await setTimeout(ms);
    asker.write(response);
  };
}

/** Answers a byte at a time. */
export function drip(everyMs: number): Fault {
  return async ({ asker, forward }) => {
    for (const byte of await forward()) {
      if (asker.destroyed) return;
      asker.write(Buffer.of(byte));
      await setTimeout(everyMs);
    }
  };
}

/** Ends the connection this many bytes before the end of the response. */
export function truncation(missingBytes: number): Fault {
  return async ({ asker, forward }) => {
    asker.end((await forward()).subarray(0, -missingBytes));
  };
}

/** Answers with this many bytes at the end of the body turned into others. */
export function corruption(bytes: number): Fault {
  return async ({ asker, forward }) => {
    const response = await forward();
    asker.write(response.fill(0xff, response.length - bytes));
  };
}

/** What stands in a reply instead of the subgraph's. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Answers with this, whatever was asked. */
export function reply(instead: Reply): Fault {
  return ({ asker }) => {
    asker.write(bytesOf(instead));
  };
}

/** Answers with this value as JSON. */
export function replyJson(value: unknown): Fault {
  return reply({ body: JSON.stringify(value) });
}

/** Answers well, and sends another response behind it, which nobody asked for. */
export function secondReply(second: Reply): Fault {
  return async ({ asker, forward }) => {
    asker.write(Buffer.concat([await forward(), bytesOf(second)]));
  };
}

/** Sends so many bytes of JSON without saying how many; `sent` is told of each chunk, and keeps pace with the asker. */
export function flood(bytes: number, sent: (bytes: number) => void): Fault {
  const chunk = Buffer.alloc(64 * 1024, '[');
  return async ({ asker }) => {
    asker.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n');
    for (let left = bytes; left > 0 && !asker.destroyed; left -= chunk.length) {
      sent(chunk.length);
      if (!asker.write(chunk)) await Promise.race([once(asker, 'drain'), once(asker, 'close')]);
    }
    asker.end();
  };
}

function bytesOf({ status = 200, headers = {}, body = '' }: Reply): Buffer {
  const all = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([
    Buffer.from(`HTTP/1.1 ${status} Whatever\r\n${lines.join('')}\r\n`),
    Buffer.from(body),
  ]);
}
