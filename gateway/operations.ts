import type { IncomingHttpHeaders } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import type { Clock } from '../common/clock.ts';
import type { Logger } from '../common/logger.ts';
import type { SupergraphGateway } from '../engine/apollo/supergraph-gateway.ts';
import { queryPlanExtensions, wantsQueryPlan } from '../engine/planning/query-plan-view.ts';
import { Subscriptions } from '../engine/streams/subscriptions.ts';
import type { GatewayConfig } from './config/load.ts';
import { errorFormat } from './http/client-error.ts';
import { createGatewayLimits } from './http/gateway-limits.ts';
import { createAcceptedFormat } from './http/parts/accepted-format.ts';
import type { PersistedDocuments } from './http/persisted-documents/persisted-documents.ts';
import type { UsageCounter } from './http/pipeline/count-use.ts';
import { textsAlone } from './http/pipeline/document-names.ts';
import { stagesOf } from './http/pipeline/pipeline.ts';
import { readRequest } from './http/pipeline/read-request.ts';
import type { PlanView } from './http/pipeline/run-operation.ts';
import { Pipeline } from './http/pipeline/run-stages.ts';
import type { Step } from './http/pipeline/stages.ts';
import type { RequestRates } from './http/request-rates.ts';
import type { AtCredentialsEnd } from './identity/credentials-end.ts';
import type { SubgraphHeaders } from './identity/subgraph-identity.ts';

/** The dependencies of a gateway's pipelines. */
export interface OperationsDependencies {
  readonly execution: SupergraphGateway;
  readonly documents: PersistedDocuments;
  readonly rates: RequestRates;
  readonly usage: UsageCounter | undefined;
  readonly identifyViewer: Step;
  readonly identifyAnonymous: Step;
  readonly atCredentialsEnd: AtCredentialsEnd;
  readonly subgraphHeaders: SubgraphHeaders;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The pipelines of a gateway: one for client requests, and two for documents of the gateway itself. */
export interface GatewayOperations {
  readonly ofClients: Pipeline;
  readonly own: Pipeline;
  /** For the documents of REST routes, run as the viewer of the request. */
  readonly ofRest: Pipeline;
  readonly subscriptions: Subscriptions;
}

/** Creates all of them from the same stages, for an engine that has not loaded its supergraph yet. */
export function createOperations(
  config: GatewayConfig,
  dependencies: OperationsDependencies,
): GatewayOperations {
  const { mode, limits: limitsConfig, rateLimits, planCache } = config;
  const { execution, documents, rates, usage, identifyViewer, identifyAnonymous } = dependencies;
  const { atCredentialsEnd, subgraphHeaders, log } = dependencies;
  const format = errorFormat(mode);
  const limits = createGatewayLimits(limitsConfig, mode);
  execution.onSchemaLoadOrUpdate(({ apiSchema, coreSupergraphSdl }) => {
    limits.demands.addSchema(apiSchema, coreSupergraphSdl);
  });
  const subscriptions = new Subscriptions({
    source: execution,
    settings: config.subscriptions,
    eventTimeoutMs: config.server.requestTimeoutMs,
    format,
    clock: dependencies.clock,
    onFailure: (error) => {
      log.error({ err: error }, 'subscriptions did not follow the schema');
    },
  });
  const shared = {
    mode,
    limits,
    guarded: { names: new Set(rateLimits.guardedFields), rates },
    execution,
    planView: mode === 'development' ? planView : undefined,
    usage,
    format,
  };
  const acceptedFormat = createAcceptedFormat();
  const schema = (): GraphQLSchema => execution.schema;
  const ofClients = new Pipeline({
    stages: stagesOf({
      ...shared,
      streams: { subscriptions, atCredentialsEnd, subgraphHeaders, log },
      read: readRequest(acceptedFormat),
      identify: identifyViewer,
      documents,
      acceptedFormat,
    }),
    schema,
    documentBytesMax: planCache.maxBytes / 3,
    format,
  });
  documents.onUpdate(() => ofClients.forget());
  const ownFor = (identify: Step): Pipeline =>
    new Pipeline({
      stages: stagesOf({
        ...shared,
        read: alreadyRead,
        identify,
        documents: textsAlone,
        acceptedFormat: undefined,
      }),
      schema,
      documentBytesMax: ownDocumentBytesMax,
      format,
    });
  return {
    ofClients,
    own: ownFor(identifyAnonymous),
    ofRest: ownFor(identifyViewer),
    subscriptions,
  };
}

/** Memory for the few documents of the gateway itself, however many others there are. */
const ownDocumentBytesMax = 1024 * 1024;

/** The gateway's own operations need not be read. */
const alreadyRead: Step = () => undefined;

/** What Apollo's tools see of a plan. */
const planView: PlanView = {
  isWanted: (headers) => wantsQueryPlan(readerOf(headers)),
  extensionsOf: (plan, headers) => queryPlanExtensions(plan, readerOf(headers)),
};

function readerOf(headers: IncomingHttpHeaders): { get(name: string): string | undefined } {
  return { get: (name) => headers[name]?.toString() };
}
