import { nearestWithin } from '../../common/nearest.ts';
import type { SupergraphGatewayOptions } from './supergraph-gateway-options.ts';

/**
 * Checks the options of callers without types. Throws a TypeError when there is no supergraph source. Returns a warning
 * for each option that has no effect, such as an ApolloGateway option that is not supported here.
 */
export function checkOptions(options: SupergraphGatewayOptions | undefined): readonly string[] {
  const given = Object.entries(options ?? {}).filter(([, value]) => value !== undefined);
  const unknown = given.map(([name]) => name).filter((name) => !knownOptions.has(name));
  if (!isSource(options?.supergraphSdl)) {
    const advice = unknown.filter((name) => sourceOptions.has(name)).map(adviceFor);
    throw new TypeError(
      [
        'Expected the option "supergraphSdl": a supergraph SDL string, a function that returns one, or a manager such as IntrospectAndCompose.',
        ...advice,
      ].join(' '),
    );
  }
  return unknown.map(adviceFor);
}

/** Every option name; a missing name is a compile error. */
const names: Readonly<Record<keyof SupergraphGatewayOptions, true>> = {
  supergraphSdl: true,
  buildService: true,
  logger: true,
  debug: true,
  queryPlannerConfig: true,
  planner: true,
  planCacheBytesMax: true,
  warmedOperations: true,
  exposeQueryPlan: true,
  checkSubgraphs: true,
  urlOf: true,
  http: true,
  eventStreams: true,
  channels: true,
  channelsReconnectMs: true,
  enforceDeadline: true,
  layers: true,
  subgraphHeaders: true,
  requestContext: true,
  overrideLabels: true,
  mapProblem: true,
  access: true,
  enforcedDirectives: true,
  compareWith: true,
  random: true,
};
const knownOptions: ReadonlySet<string> = new Set(Object.keys(names));

const uplink = 'pass supergraphSdl: new UplinkSupergraphManager({ … })';
const hook = 'pass supergraphSdl: a function, and call its "update"';

/** ApolloGateway options that are not supported here, with what to do instead. */
const adviceByOption: ReadonlyMap<string, string> = new Map([
  ['serviceList', 'pass supergraphSdl: new IntrospectAndCompose({ subgraphs })'],
  ['localServiceList', 'pass supergraphSdl: new LocalCompose({ localServiceList })'],
  ['experimental_updateSupergraphSdl', hook],
  ['experimental_updateServiceDefinitions', hook],
  ['uplinkEndpoints', uplink],
  ['uplinkMaxRetries', uplink],
  ['schemaConfigDeliveryEndpoint', uplink],
  ['fallbackPollIntervalInMs', uplink],
  ['fetcher', 'for Uplink, pass it to the UplinkSupergraphManager; for subgraphs, use "http"'],
  ['pollIntervalInMs', 'pass it to the manager, such as IntrospectAndCompose'],
  ['introspectionHeaders', 'pass them to IntrospectAndCompose'],
  ['serviceHealthCheck', 'call gateway.serviceHealthCheck(), or set it on the manager'],
  ['experimental_didUpdateSupergraph', 'call gateway.onSchemaLoadOrUpdate()'],
  ['experimental_didResolveQueryPlan', 'plans are shown with "exposeQueryPlan"'],
  ['experimental_approximateQueryPlanStoreMiB', 'use "planCacheBytesMax", in bytes'],
  ['__exposeQueryPlanExperimental', 'use "exposeQueryPlan"'],
  ['validateSupergraph', 'an invalid supergraph is always rejected'],
  ['telemetry', 'this gateway creates no spans'],
]);

/** The ApolloGateway options that say where the supergraph comes from. */
const sourceOptions: ReadonlySet<string> = new Set([
  'serviceList',
  'localServiceList',
  'experimental_updateSupergraphSdl',
  'experimental_updateServiceDefinitions',
  'uplinkEndpoints',
  'schemaConfigDeliveryEndpoint',
]);

function adviceFor(name: string): string {
  const advice = adviceByOption.get(name);
  if (advice !== undefined)
    return `The option "${name}" of ApolloGateway has no effect: ${advice}.`;
  const near = nearestWithin(name, knownOptions, () => 2);
  return near === undefined
    ? `There is no option "${name}".`
    : `There is no option "${name}"; did you mean "${near}"?`;
}

function isSource(source: unknown): boolean {
  if (typeof source === 'string' || typeof source === 'function') return true;
  return (
    typeof source === 'object' &&
    source !== null &&
    'initialize' in source &&
    typeof source.initialize === 'function'
  );
}
