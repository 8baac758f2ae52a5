import { LRUCache } from 'lru-cache';
import type { Clock } from '../../common/clock.ts';
import {
  createIdentitySigner,
  identityHeader,
  type IdentitySigner,
  type SignedIdentity,
} from '../../common/identity-token.ts';
import type { Viewer } from '../../common/viewer.ts';

/** A signed identity is reused while it is valid for at least this long. */
const reuseWhileMs = 15_000;

const cacheMax = 20_000;

/** The signed identity of a viewer for one subgraph. */
export type SubgraphIdentity = (viewer: Viewer, subgraph: string) => string;

/**
 * Signs identities with each subgraph's own key. An identity is minted once per id, role, scopes and session of a
 * viewer and per subgraph, and reused until it is about to expire; at most 20,000 are cached.
 */
export function createSubgraphIdentity(
  keyOf: (subgraph: string) => string,
  clock: Clock,
): SubgraphIdentity {
  const signers = new Map<string, IdentitySigner>();
  const minted = new LRUCache<string, SignedIdentity>({ max: cacheMax });
  // Requests with the same token share the viewer object: looking it up first avoids serializing the viewer.
  const held = new WeakMap<Viewer, Map<string, SignedIdentity>>();
  const isGood = ({ expiresAt }: SignedIdentity): boolean =>
    expiresAt * 1000 - clock.now() >= reuseWhileMs;

  const signerOf = (subgraph: string): IdentitySigner => {
    const known = signers.get(subgraph);
    if (known) return known;
    const signer = createIdentitySigner(subgraph, keyOf(subgraph), clock);
    signers.set(subgraph, signer);
    return signer;
  };

  const mintedFor = (viewer: Viewer, subgraph: string): SignedIdentity => {
    const cacheKey = contentOf(viewer, subgraph);
    const known = minted.get(cacheKey);
    if (known && isGood(known)) return known;
    const fresh = signerOf(subgraph)(viewer);
    minted.set(cacheKey, fresh);
    return fresh;
  };

  return (viewer, subgraph) => {
    let identities = held.get(viewer);
    if (!identities) {
      identities = new Map<string, SignedIdentity>();
      held.set(viewer, identities);
    }
    const known = identities.get(subgraph);
    if (known && isGood(known)) return known.token;
    const identity = mintedFor(viewer, subgraph);
    identities.set(subgraph, identity);
    return identity.token;
  };
}

/** Headers of a client's request, as Node.js provides them: names in lower case. */
export type ClientHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The headers that each subgraph receives for a viewer, as a flat list of name, value, name, value … */
export type SubgraphHeaders = (
  viewer: Viewer,
  clientHeaders: ClientHeaders,
) => (subgraph: string) => readonly string[];

/**
 * The headers that a subgraph receives for a viewer: the signed identity, and only those client headers that are
 * configured.
 */
export function createSubgraphHeaders(
  identityOf: SubgraphIdentity,
  forwardedHeaders: readonly string[],
): SubgraphHeaders {
  return (viewer, clientHeaders) => {
    const forwarded = forwardedHeaders.flatMap((name) => {
      const value = Object.hasOwn(clientHeaders, name) ? clientHeaders[name] : undefined;
      return value === undefined
        ? []
        : [name, typeof value === 'string' ? value : value.join(', ')];
    });
    return (subgraph) => [identityHeader, identityOf(viewer, subgraph), ...forwarded];
  };
}

function contentOf(viewer: Viewer, subgraph: string): string {
  if (viewer.kind === 'anonymous') return subgraph;
  const { id, role, scopes, sessionId } = viewer;
  return JSON.stringify([subgraph, id, role, scopes, sessionId]);
}
