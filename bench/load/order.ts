/** What the load generator shall do. */
export interface LoadOrder {
  readonly url: string;
  /**
   * Values of the `Authorization` header. Each of the requests in flight has another viewer: a gateway that lets equal
   * questions of one viewer share a call must make the same calls as the others.
   */
  readonly authorizations: readonly string[];
  readonly body: string;
  /** The `data` that each answer must have. */
  readonly data: unknown;
  /** Requests in flight: the next one starts when one is answered. At most as many as there are viewers. */
  readonly concurrency: number;
  /** Ends after so long or so many requests, whichever comes first; what is in flight is still awaited. */
  readonly maxMs: number;
  readonly maxRequests?: number;
  /** Numbers the requests from here on: the number takes the place of `distinctMark` in body and data. */
  readonly distinctFrom?: number;
}

/** The result. */
export interface LoadReport {
  /** Right answers. */
  readonly requests: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** What the first wrong answer was; it ends the load, because a wrong answer's cost says nothing. */
  readonly wrong?: string;
}
