import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';

/**
 * The HTTP requests that this process has received and not yet answered, on every server of `node:http`, whichever
 * framework is around Apollo Server. A gateway is not told which of them it works for, nor when that one is answered.
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
   * Waits until each request for which not a byte has been sent at this moment has its answer, or its client has left.
   * So a response that streams is not waited for. False when the signal came first.
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
      // A response that was in line behind others of its connection does not hear that the connection is closed.
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

/** Where Node tells of each request, with its response (`diagnostics_channel` in its documentation). */
const channel = 'http.server.request.start';

/** Requests beyond are not waited for. */
const trackedMax = 10_000;
