import { withoutCredentials } from '../../common/address-credentials.ts';
import type { SubgraphAddress } from '../../engine/supergraph/supergraph.ts';
import { invalidSupergraph } from './invalid-supergraph.ts';

/** Throws StartupError SUPERGRAPH_INVALID for a supergraph without subgraphs, or with one that has no http(s) URL. */
export function checkAddresses(file: string, subgraphs: readonly SubgraphAddress[]): void {
  if (subgraphs.length === 0) {
    throw invalidSupergraph(file, 'is not a supergraph: its "join__Graph" has no subgraphs');
  }
  for (const { name, url } of subgraphs) {
    if (isHttpUrl(url)) continue;
    throw invalidSupergraph(
      file,
      `has the routing URL "${withoutCredentials(url)}" for the subgraph "${name}", which is not an http(s) URL`,
    );
  }
}

function isHttpUrl(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}
