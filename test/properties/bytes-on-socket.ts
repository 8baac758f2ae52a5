import { connect } from 'node:net';
import fc from 'fast-check';
import { type Answer, answerTimeoutMs } from './sound-answer.ts';

const pieces = [
  'GET ',
  'POST ',
  'OPTIONS ',
  'CONNECT ',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '/graphql ',
  '/graphql?query=%7Bme%7D ',
  '/graphql?variables=%ff ',
  '/healthz ',
  '/login ',
  '* ',
  '//[ ',
  '/%00/../.. ',
  'http://a/graphql ',
  'HTTP/1.1\r\n',
  'HTTP/1.0\r\n',
  'HTTP/9.9\r\n',
  'POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n',
  'GET /graphql?query=%7Bme%7D HTTP/1.1\r\nhost: a\r\napollo-require-preflight: 1\r\n\r\n',
  'host: a\r\n',
  'host: [\r\n',
  'content-type: application/json\r\n',
  'content-length: 16\r\n',
  'content-length: 18\r\n',
  'content-length: -1\r\n',
  'content-length: 99999999999999999999\r\n',
  'transfer-encoding: chunked\r\n',
  'transfer-encoding: chunked, identity\r\n',
  'expect: 100-continue\r\n',
  'expect: nothing\r\n',
  'connection: upgrade\r\nupgrade: websocket\r\n',
  'connection: close\r\n',
  'authorization: Bearer a.b.c\r\n',
  'authorization: \u00ff\r\n',
  'origin: null\r\naccess-control-request-method: POST\r\n',
  'x-correlation-id: __proto__\r\n',
  '__proto__: a\r\n',
  ' folded: a\r\n',
  ': a\r\n',
  '\r\n',
  '\n',
  '\0',
  '{"query":"{me}"}',
  '10\r\n{"query":"{me}"}\r\n0\r\n\r\n',
  'ffffffffffffffff\r\n',
  '0\r\n__proto__: a\r\n\r\n',
];

const noise = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));

/** Bytes for an HTTP server: none of it HTTP, some of it, or all of it in some order. */
export const hostileBytes: fc.Arbitrary<Uint8Array> = fc
  .array(
    fc.oneof(
      {
        weight: 9,
        arbitrary: fc.constantFrom(...pieces).map((text) => Buffer.from(text, 'latin1')),
      },
      { weight: 1, arbitrary: noise },
    ),
    { minLength: 1, maxLength: 14, size: 'max' },
  )
  .map((parts) => Buffer.concat(parts));

/**
 * Everything that is answered to bytes on a socket, in order; nothing when the server only closes it. What looks like
 * an unfinished request is ended after a moment of silence. Rejects when the socket is not closed within 5 s.
 */
export function bytesOnSocket(url: string, bytes: Uint8Array): Promise<readonly Answer[]> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    const chunks: Buffer[] = [];
    const deadline = setTimeout(() => {
      socket.destroy();
      reject(new Error(`Expected the socket to be closed; got ${String(Buffer.concat(chunks))}.`));
    }, answerTimeoutMs);
    let silence = setTimeout(() => socket.end(), silenceMs);
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      clearTimeout(silence);
      silence = setTimeout(() => socket.end(), silenceMs);
    });
    socket.on('end', () => socket.end());
    // A server that closes while it is written to: the close that follows says all there is to say.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(deadline);
      clearTimeout(silence);
      try {
        resolve(readAnswers(Buffer.concat(chunks).toString('latin1')));
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    socket.write(bytes);
  });
}

const silenceMs = 60;

/** Reads responses one after the other. Throws for an invalid HTTP/1.1 response (RFC 9112). */
function readAnswers(text: string): readonly Answer[] {
  const answers: Answer[] = [];
  let rest = text;
  while (rest !== '') {
    const [head = '', status, fields = ''] =
      /^HTTP\/1\.1 (\d{3}) [^\r\n]*\r\n((?:[^\r\n]+\r\n)*)\r\n/.exec(rest) ?? [];
    if (head === '') throw new Error(`Expected an answer; got ${JSON.stringify(rest)}.`);
    rest = rest.slice(head.length);
    // An interim response says nothing about the connection.
    if (status === '100') continue;
    const headers = new Headers(
      fields
        .split('\r\n')
        .filter((line) => line !== '')
        .map((line): [string, string] => {
          const colon = line.indexOf(':');
          return [line.slice(0, colon), line.slice(colon + 1).trim()];
        }),
    );
    const length = Number(headers.get('content-length') ?? 0);
    answers.push({ status: Number(status), headers, text: rest.slice(0, length) });
    rest = rest.slice(length);
  }
  return answers;
}
