import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { closeWithConnection } from '../../../common/close-with-connection.ts';

/** How a server handles a request. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** Requests of one connection that are handled concurrently. */
const begunMax = 16;

/** Requests that may arrive behind those in the same bytes; a client that sends more does not wait for responses. */
const waitingMax = 256;

interface Pipeline {
  begun: number;
  readonly waiting: { readonly request: IncomingMessage; readonly response: ServerResponse }[];
  isRefused: boolean;
}

/**
 * Limits the unanswered requests of one connection: 16 are handled concurrently, and while there are more, nothing is
 * read from it. Up to 256 that have already been read wait; `refuse` answers one more, and the connection ends. Each
 * response that has begun emits `close`, whatever way its connection ends.
 */
export function holdPipelines(handle: RequestHandler, refuse: RequestHandler): RequestHandler {
  const pipelines = new WeakMap<Socket, Pipeline>();

  const begin = (
    pipeline: Pipeline,
    request: IncomingMessage,
    response: ServerResponse,
    socket: Socket,
  ): void => {
    pipeline.begun += 1;
    closeWithConnection(response);
    response.on('close', () => {
      pipeline.begun -= 1;
      if (socket.destroyed) return;
      const next = pipeline.waiting.shift();
      if (next) begin(pipeline, next.request, next.response, socket);
      else if (socket.isPaused() && !pipeline.isRefused) socket.resume();
    });
    handle(request, response);
  };

  return (request, response) => {
    const { socket } = request;
    let pipeline = pipelines.get(socket);
    if (!pipeline) {
      pipeline = { begun: 0, waiting: [], isRefused: false };
      pipelines.set(socket, pipeline);
    }
    if (pipeline.isRefused) return;
    if (pipeline.begun < begunMax) {
      begin(pipeline, request, response, socket);
      return;
    }
    socket.pause();
    if (pipeline.waiting.length < waitingMax) {
      pipeline.waiting.push({ request, response });
      return;
    }
    pipeline.isRefused = true;
    response.setHeader('connection', 'close');
    refuse(request, response);
  };
}
