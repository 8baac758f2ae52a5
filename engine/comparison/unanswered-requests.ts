import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';

/**
 * The HTTP requests of this process without a response so far, on all `node:http` servers, whatever framework runs
 * Apollo Server. A gateway does not know which request it works for, nor when its response is sent.
 */
export class UnansweredRequests {
  private readonly responses = new Set<ServerResponse>();
  private readonly waits = new Set<Wait>();

  start(): void {
    subscribe(channel, this.enter);
  }

  stop(): void {
    unsubscribe(channel, this.enter);
    this.responses.clear();
  }

  /**
   * Waits until every request without a sent byte at this moment has its response, or its client has disconnected. So
   * streaming responses are not waited for. False when the signal is aborted first.
   */
  answered(signal: AbortSignal): Promise<boolean> {
    const unanswered = this.unanswered();
    if (unanswered.size === 0 || signal.aborted) return Promise.resolve(!signal.aborted);
    return new Promise((resolve) => {
      const end = (): void => {
        this.waits.delete(wait);
        signal.removeEventListener('abort', end);
        resolve(!signal.aborted);
      };
      const wait = { unanswered, end };
      this.waits.add(wait);
      signal.addEventListener('abort', end);
    });
  }

  private unanswered(): Set<ServerResponse> {
    const unanswered = new Set<ServerResponse>();
    for (const response of this.responses) {
      // A response that is queued behind others on its connection gets no event when the connection closes.
      if (response.req.socket.destroyed) this.responses.delete(response);
      else if (!response.headersSent) unanswered.add(response);
    }
    return unanswered;
  }

  private readonly enter = (message: unknown): void => {
    if (this.responses.size >= trackedMax) return;
    const { response } = message as { readonly response: ServerResponse };
    this.responses.add(response);
    response.once('close', () => {
      this.leave(response);
    });
  };

  private leave(response: ServerResponse): void {
    this.responses.delete(response);
    for (const { unanswered, end } of this.waits) {
      if (unanswered.delete(response) && unanswered.size === 0) end();
    }
  }
}

interface Wait {
  readonly unanswered: Set<ServerResponse>;
  readonly end: () => void;
}

/**
 * The channel on which Node publishes each request with its response (`diagnostics_channel` in Node's documentation).
 */
const channel = 'http.server.request.start';

/** The most tracked requests; further ones are not waited for. */
const trackedMax = 10_000;
