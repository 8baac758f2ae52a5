import { connect, type Socket } from 'node:net';
import { patienceMs } from '../support/patience.ts';

/** A server's response to bytes that no HTTP client would send, until it closes the connection. */
export async function talk(url: string, bytes: string | Buffer): Promise<string> {
  return (await open(url, bytes)).ended;
}

/** A connection and what came over it. */
export interface Connection {
  readonly socket: Socket;
  /** Everything received when the server has closed the connection. Rejects when that takes too long. */
  readonly ended: Promise<string>;
}

/** Connects and sends some bytes. */
export function open(url: string, bytes: string | Buffer): Promise<Connection> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let received = '';
    const ended = new Promise<string>((end, fail) => {
      const deadline = setTimeout(() => {
        socket.destroy();
        fail(new Error(`the connection is open still; received: ${received.slice(0, 500)}`));
      }, patienceMs);
      socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
      socket.on('close', () => {
        clearTimeout(deadline);
        end(received);
      });
    });
    ended.catch(() => undefined);
    socket.on('error', reject);
    socket.once('connect', () => {
      socket.write(bytes);
      resolve({ socket, ended });
    });
  });
}
