import type { ErrorCode } from '../../common/errors.ts';

/** Why a stream has ended: in the log, and for all but the first three in an error that the client receives. */
export type EndReason = 'completed' | 'client left' | 'subgraph failed' | GatewayReason;

/** A reason of the gateway's own. */
export type GatewayReason =
  'too slow' | 'token expired' | 'session ended' | 'schema changed' | 'server stops';

/** What a client receives when the gateway ends its stream. */
export const errorOf: Readonly<
  Record<GatewayReason, { readonly code: ErrorCode; readonly message: string }>
> = {
  'too slow': {
    code: 'SUBSCRIPTION_TOO_SLOW',
    message: 'The subscription was ended: events came faster than they were read.',
  },
  'token expired': {
    code: 'SUBSCRIPTION_TOKEN_EXPIRED',
    message: 'The subscription was ended: the access token has expired.',
  },
  'session ended': {
    code: 'SUBSCRIPTION_SESSION_ENDED',
    message: 'The subscription was ended: its session has ended. Log in again.',
  },
  'schema changed': {
    code: 'SUBSCRIPTION_SCHEMA_RELOAD',
    message: 'The subscription was ended: the schema has changed. Subscribe again.',
  },
  'server stops': {
    code: 'SUBSCRIPTION_SERVER_STOPS',
    message: 'The subscription was ended: this server stops. Subscribe again.',
  },
};
