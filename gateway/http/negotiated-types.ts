import { LRUCache } from 'lru-cache';

const acceptMaxChars = 256;

/** Stands for a request without the header, which no header can equal. */
const absent = '\n';

/**
 * The content type that Apollo Server gave to each `Accept` header it met. Its choice depends on nothing else, so
 * whoever has seen it once can repeat it. At most 100 are remembered.
 */
export class NegotiatedTypes {
  private readonly types = new LRUCache<string, string>({ max: 100 });

  /** The content type for an `Accept` header; `undefined` when Apollo Server has not been asked yet. */
  find(accept: string | undefined): string | undefined {
    return this.types.get(accept ?? absent);
  }

  /** Remembers the content type of an answer to an operation. */
  learn(accept: string | undefined, contentType: unknown): void {
    if (typeof contentType !== 'string') return;
    if (accept === undefined || accept.length <= acceptMaxChars) {
      this.types.set(accept ?? absent, contentType);
    }
  }
}
