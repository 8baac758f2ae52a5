import { developmentIdentityKey } from '../../common/development-keys.ts';
import { createIdentitySigner, identityHeader } from '../../common/identity-token.ts';
import type { Viewer } from '../../common/viewer.ts';
import { type OpenStream, openStream } from '../streams/read-events.ts';

const sign = createIdentitySigner('orders', developmentIdentityKey('orders'));

/** Subscribes at orders itself, as the gateway does for a viewer. */
export function followOrders(
  url: string,
  viewer: Viewer,
  query: string,
  variables: object = {},
): Promise<OpenStream> {
  return openStream(url, query, {
    variables,
    headers: { [identityHeader]: sign(viewer).token },
  });
}
