import type { ReadySubscription } from '../operation/ready-subscription.ts';
import type { ValidRequest } from '../operation/valid-request.ts';

/** Where a gateway puts a subscription that Apollo Server has let through, for the handler that opens it. */
export interface Opening {
  opened: { readonly ready: ReadySubscription; readonly request: ValidRequest } | undefined;
}

/** Apollo Server copies the members of a context value into a new one, those named by symbols too. */
const member = Symbol('supergraph-gateway: a subscription to open');

/** A copy of a context value with which a subscription is readied, and not run once as a query would be. */
export function withOpening<T extends object>(context: T, opening: Opening): T {
  const copy = Object.create(Object.getPrototypeOf(context) as object | null) as T;
  return Object.assign(copy, context, { [member]: opening });
}

/** The place in a context value; `undefined` for a request that no handler has sent. */
export function openingIn(context: object | undefined): Opening | undefined {
  return (context as { readonly [member]?: Opening } | undefined)?.[member];
}
