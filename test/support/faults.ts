import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import type { Fault } from './fault-proxy.ts';

/** Answers nothing, and keeps the connection. */
export const silence: Fault = () => undefined;

/** Ends the connection by a reset. */
export const reset: Fault = ({ caller }) => {
  caller.resetAndDestroy();
};

/** Answers after a while. */
export function latency(ms: number): Fault {
  return async ({ caller, forward }) => {
    const response = await forward();
    await setTimeout(ms);
    caller.write(response);
  };
}

/** Answers a byte at a time. */
export function drip(everyMs: number): Fault {
  return async ({ caller, forward }) => {
    for (const byte of await forward()) {
      if (caller.destroyed) return;
      caller.write(Buffer.of(byte));
      await setTimeout(everyMs);
    }
  };
}

/** Ends the connection this many bytes before the end of the response. */
export function truncation(missingBytes: number): Fault {
  return async ({ caller, forward }) => {
    caller.end((await forward()).subarray(0, -missingBytes));
  };
}

/** Answers with this many bytes at the end of the body turned into others. */
export function corruption(bytes: number): Fault {
  return async ({ caller, forward }) => {
    const response = await forward();
    caller.write(response.fill(0xff, response.length - bytes));
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
  return ({ caller }) => {
    caller.write(bytesOf(instead));
  };
}

/** Answers with this value as JSON. */
export function replyJson(value: unknown): Fault {
  return reply({ body: JSON.stringify(value) });
}

/** Answers correctly, and sends a second, unrequested response after it. */
export function secondReply(second: Reply): Fault {
  return async ({ caller, forward }) => {
    caller.write(Buffer.concat([await forward(), bytesOf(second)]));
  };
}

/** Sends this many bytes of JSON without a length; `sent` is called for each chunk, at the speed of the caller. */
export function flood(bytes: number, sent: (bytes: number) => void): Fault {
  const chunk = Buffer.alloc(64 * 1024, '[');
  return async ({ caller }) => {
    caller.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n');
    for (let left = bytes; left > 0 && !caller.destroyed; left -= chunk.length) {
      sent(chunk.length);
      if (!caller.write(chunk)) await Promise.race([once(caller, 'drain'), once(caller, 'close')]);
    }
    caller.end();
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
