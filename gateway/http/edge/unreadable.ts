import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { correlationHeader } from '../../../common/correlation.ts';
import type { Logger } from '../../../common/logger.ts';
import { toErrorBody } from '../json-errors.ts';

/** Answers input that cannot be parsed as HTTP, or was not sent in time. */
export type AnswerUnreadable = (error: NodeJS.ErrnoException, socket: Socket) => void;

/** Unreadable input never becomes a request: it is answered on the socket and logged, and the socket is closed. */
export function createAnswerUnreadable(headers: readonly string[], log: Logger): AnswerUnreadable {
  let fixed = '';
  for (let at = 0; at < headers.length; at += 2) {
    fixed += `${headers[at]}: ${headers[at + 1]}\r\n`;
  }
  return (error, socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const status = statusOf(error.code);
    const correlationId = randomUUID();
    const body = JSON.stringify(toErrorBody('BAD_REQUEST', status.slice(4)));
    log.info({ correlationId, status: Number.parseInt(status), reason: error.code }, 'unreadable');
    socket.end(
      `HTTP/1.1 ${status}\r\n${correlationHeader}: ${correlationId}\r\n${fixed}` +
        `content-type: application/json; charset=utf-8\r\ncontent-length: ${body.length}\r\n` +
        `connection: close\r\n\r\n${body}`,
    );
  };
}

/** Answers CONNECT, which only proxies support; Node.js would close the connection without a response. */
export function answerConnects(server: Server, answer: AnswerUnreadable): void {
  server.on('connect', (_request, socket) => {
    answer(Object.assign(new Error('CONNECT'), { code: connectCode }), socket as Socket);
  });
}

const connectCode = 'CONNECT';

function statusOf(code: string | undefined): string {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return '431 Request Header Fields Too Large';
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return '408 Request Timeout';
    case connectCode:
      return '405 Method Not Allowed';
    default:
      return '400 Bad Request';
  }
}
