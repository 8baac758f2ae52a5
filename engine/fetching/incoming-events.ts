import { messageOf } from '../../common/errors.ts';
import { parsingProblem } from '../../common/parse-cost.ts';
import type { EventSink } from './event-source.ts';
import { SubgraphFailure } from './failure.ts';
import type { SubgraphRequest } from './types.ts';

/** What one subscription receives from its subgraph, until its end: nothing reaches the sink after that. */
export class IncomingEvents {
  private readonly request: SubgraphRequest;
  private readonly sink: EventSink;
  private readonly release: () => void;
  private isEnded = false;

  /** `release` closes the connection; it is called once, at the end. */
  constructor(request: SubgraphRequest, sink: EventSink, release: () => void) {
    this.request = request;
    this.sink = sink;
    this.release = release;
  }

  get isOver(): boolean {
    return this.isEnded;
  }

  /** An event, as the JSON text of a response. */
  next(body: string): void {
    if (!this.isEnded) this.sink.next({ body, cacheControl: undefined });
  }

  /** The subscription is complete; or, with a failure, it has failed. */
  end(failure?: SubgraphFailure): void {
    if (this.isEnded) return;
    this.close();
    this.sink.end(failure);
  }

  /** Ends it because of the subgraph. `problem` follows the name of the subgraph in a sentence. */
  fail(problem: string, options: { cause?: unknown; status?: number } = {}): void {
    this.end(new SubgraphFailure('SUBGRAPH_ERROR', this.request.subgraph, problem, options));
  }

  /** The last reader has left. */
  close(): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.release();
  }

  /** Reads the JSON object that a protocol wraps around responses; a failure ends the subscription. */
  readObject(text: string): Readonly<Record<string, unknown>> | undefined {
    const reason = parsingProblem(text);
    if (reason !== undefined) {
      this.fail(reason);
      return undefined;
    }
    try {
      const value: unknown = JSON.parse(text);
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
        return value as Readonly<Record<string, unknown>>;
      }
      this.fail('sent a message that is not a JSON object.');
    } catch (cause) {
      this.fail(`sent a message that is not JSON: ${messageOf(cause)}`, { cause });
    }
    return undefined;
  }
}
