/** A request and the only right answer to it. */
export interface Operation {
  /** The name in the results, such as `main`. */
  readonly name: string;
  /** What it asks, in a few words. */
  readonly title: string;
  readonly query: string;
  /** The `data` of the answer. */
  readonly data: unknown;
  /** The calls that it needs, for the floor: steps one after the other, the calls of a step at once. */
  readonly upstream: readonly (readonly UpstreamCall[])[];
}

/** One call to a subgraph. */
export interface UpstreamCall {
  readonly subgraph: string;
  readonly query: string;
  readonly variables?: object;
}

/** The body of the request, as clients send it (GraphQL over HTTP §5.4). */
export function bodyOf({ query }: Operation): string {
  return JSON.stringify({ query });
}
