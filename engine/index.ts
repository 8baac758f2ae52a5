/** The gateway for an existing Apollo Server: `new ApolloServer({ gateway: new SupergraphGateway({ supergraphSdl }) })`. */
export { SupergraphGateway } from './apollo/supergraph-gateway.ts';
export type { ValidRequest } from './operation/valid-request.ts';
/** Subscriptions for an existing Apollo Server: `createSubscriptionHandler({ gateway, server, context })`. */
export {
  createSubscriptionHandler,
  type SubscriptionHandler,
} from './apollo/subscription-handler.ts';
export type {
  HandledRequest,
  SubscriptionHandlerOptions,
  SubscriptionServer,
} from './apollo/subscription-handler-options.ts';
export type { EndReason } from './streams/end-reason.ts';
export type { SubscriptionSettings } from './streams/subscriptions.ts';
export type { ReadyParts, ReadyRun } from './operation/supergraph-engine.ts';
export type {
  DeliveredPart,
  Delivery,
  PartedExecution,
  PendingPart,
} from './execution/execute-in-parts.ts';
export {
  type ChannelReader,
  type EventChannels,
  LocalChannels,
  type OpenChannel,
} from './channels/event-channels.ts';
export { CallbackEvents, type CallbackOptions } from './fetching/callback-events.ts';
export type { EventRoute } from './fetching/event-streams.ts';
export type { EventSink, OpenEvents } from './fetching/event-source.ts';
export type { ReadySubscription } from './operation/ready-subscription.ts';
export type {
  EventStreamSettings,
  GatewayLog,
  SubgraphHeaders,
  SupergraphGatewayOptions,
} from './apollo/supergraph-gateway-options.ts';
export type { AccessOptions, AccessSettings, Claims, PolicyFunction } from './access/options.ts';
export type {
  AnswerDifference,
  ComparisonOptions,
  ComparisonStatistics,
} from './comparison/options.ts';
export type {
  SupergraphManager,
  SupergraphSdlHook,
  SupergraphSdlHookOptions,
} from './apollo/supergraph-source.ts';
export type {
  GraphQLDataSource,
  GraphQLDataSourceRequest,
  ServiceEndpointDefinition,
} from './fetching/graphql-data-source.ts';
export type { ErrorFormat, JsonAnswer } from './execution/execute.ts';
export { passReportedErrors } from './execution/problem-mapper.ts';
export type {
  Cancellation,
  ClientError,
  FetchLayer,
  ProblemMapper,
  RequestContext,
  SubgraphFetch,
  SubgraphProblem,
  SubgraphRequest,
  SubgraphResponse,
} from './fetching/types.ts';
export {
  type MeasuredOperation,
  operationLimits,
  type OperationLimitsOptions,
} from './apollo/operation-limits.ts';
export type { SubgraphAddress } from './supergraph/supergraph.ts';
export type { OperationLimits } from './limits/limits.ts';
export type { CostOptions } from './limits/operation-demand.ts';
export { SubgraphFailure } from './fetching/failure.ts';
export type { PlannerChoice } from './planning/choose.ts';
export type { CacheStatistics } from './planning/plan-cache.ts';
