import type { GraphQLError } from 'graphql';
import type { SubgraphRequest } from '../fetching/types.ts';
import type { ValidRequest } from '../operation/valid-request.ts';
import type { EndReason, GatewayReason } from './end-reason.ts';

/** A request for a subscription, and whose it is. It is kept while the subscription is open, so it should be small. */
export interface SubscriptionRequest {
  /** What is asked for. */
  readonly valid: ValidRequest;
  /** By what open subscriptions are counted: an account, or an address. */
  readonly owner: string;
  /** Equal for subscriptions that a subgraph answers alike. */
  sharingKeyOf(opening: SubgraphRequest): string;
  /** Watches the credentials that it was opened with: it ends with them. The function that this returns ends the watch. */
  atCredentialsEnd(
    act: (reason: Extract<GatewayReason, 'token expired' | 'session ended'>) => void,
  ): () => void;
  /** Called with the errors of an event that are not formatted yet. */
  onErrors(errors: readonly GraphQLError[]): void;
  /** Called once when it has ended. */
  onEnded(reason: EndReason, events: number): void;
}
