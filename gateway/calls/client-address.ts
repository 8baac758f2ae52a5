import { clientAddressHeader } from '../../common/call-headers.ts';
import type { FetchLayer } from '../../engine/fetching/types.ts';

/**
 * Tells a subgraph with each mutation where the client is, so that it can count wrong passwords by address. Queries go
 * without: the answer to one may serve clients at many addresses.
 */
export const tellClientAddress: FetchLayer = (next) => (request) => {
  const { operationKind, headers, context } = request;
  const { clientAddress } = context;
  if (operationKind !== 'mutation' || clientAddress === undefined) return next(request);
  return next({ ...request, headers: [...headers, clientAddressHeader, clientAddress] });
};
