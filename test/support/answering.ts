import type { SubgraphFetch, SubgraphRequest } from '../../engine/fetching/types.ts';

/** What subgraphs answer, by name; an answer may depend on the request. */
export type Texts = Readonly<Record<string, string | ((request: SubgraphRequest) => string)>>;

/** In place of the subgraphs of a `Federation`: they answer with these texts. */
export function answering(texts: Texts) {
  return (): SubgraphFetch => (request) => {
    const text = texts[request.subgraph] ?? '';
    return Promise.resolve({
      body: typeof text === 'string' ? text : text(request),
      cacheControl: undefined,
    });
  };
}
