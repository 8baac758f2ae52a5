import { clientAddressHeader } from '../../common/call-headers.ts';
import type { FetchLayer } from '../../engine/fetching/types.ts';

/**
 * Sends the client's address to a subgraph with each mutation, so that it can count wrong passwords by address. Queries
 * are sent without it, because one response may serve clients at many addresses.
 */
export const tellClientAddress: FetchLayer = (next) => (request) => {
  const { operationKind, headers, context } = request;
  const { clientAddress } = context;
  if (operationKind !== 'mutation' || clientAddress === undefined) return next(request);
  return next({ ...request, headers: [...headers, clientAddressHeader, clientAddress] });
};
