import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The responses of each connection that had to wait for others when their requests came. */
const queued = new WeakMap<Socket, Set<ServerResponse>>();

/**
 * Makes a response emit `close` when its connection closes, even while it waits for the responses before it. Node.js does
 * that only for the response that is being written (HTTP/1.1 has one at a time); what was begun for the others would never
 * be ended. To be called when the request arrives.
 */
export function closeWithConnection(response: ServerResponse): void {
  if (response.socket !== null) return;
  const { socket } = response.req;
  const responses = queued.get(socket) ?? closeTogether(socket);
  responses.add(response);
  response.once('close', () => {
    responses.delete(response);
  });
}

function closeTogether(socket: Socket): Set<ServerResponse> {
  const responses = new Set<ServerResponse>();
  queued.set(socket, responses);
  socket.once('close', () => {
    for (const response of responses) {
      // Node.js closes the one whose turn it is.
      if (response.socket !== null) continue;
      response.destroy();
      response.emit('close');
    }
  });
  return responses;
}
