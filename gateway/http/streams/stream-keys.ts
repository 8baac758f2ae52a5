import { identityHeader } from '../../../common/identity-token.ts';
import type { SubgraphRequest } from '../../../engine/fetching/types.ts';
import { addressKeyOf } from '../../rates/address-key.ts';
import type { GatewayContext } from '../gateway-context.ts';

/** By what the streams of a viewer are counted: the account, or the address of an anonymous one. */
export function viewerKeyOf({ viewer, clientAddress = '' }: GatewayContext): string {
  return viewer.kind === 'user' ? `viewer:${viewer.id}` : `address:${addressKeyOf(clientAddress)}`;
}

/** Equal for subscriptions that a subgraph answers alike: everything that it receives, but when the identity was signed. */
export function sharingKeyOf(
  { subgraph, body, headers }: SubgraphRequest,
  { viewer }: GatewayContext,
): string {
  const others = headers.flatMap((text, at) =>
    at % 2 === 0 && text !== identityHeader ? [text, headers[at + 1]] : [],
  );
  return JSON.stringify([subgraph, body, viewer, others]);
}
