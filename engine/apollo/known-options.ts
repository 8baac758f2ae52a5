import { nearestWithin } from '../../common/nearest.ts';
import type { SupergraphGatewayOptions } from './supergraph-gateway-options.ts';

/**
 * Looks at options, for callers without types. Throws a TypeError without a source of supergraphs; gives a warning for
 * each option that has no effect, such as those of ApolloGateway that are not options here.
 */
export function checkOptions(options: SupergraphGatewayOptions | undefined): readonly string[] {
  const given = Object.entries(options ?? {}).filter(([, value]) => value !== undefined);
  const unknown = given.map(([name]) => name).filter((name) => !knownOptions.has(name));
  if (!isSource(options?.supergraphSdl)) {
    const advice = unknown.filter((name) => sources.has(name)).map(adviceFor);
    throw new TypeError(
      [
        'Expected the option "supergraphSdl": a supergraph as text, a function that gives one, or a manager such as IntrospectAndCompose.',
        ...advice,
      ].join(' '),
    );
  }
  return unknown.map(adviceFor);
}

/** An option of each name; a name that is missing here does not compile. */
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

const uplink = 'give supergraphSdl: new UplinkSupergraphManager({ … })';
const hook = 'give supergraphSdl: a function, and call its "update"';

/** Options of ApolloGateway that are not options here, and what to do instead. */
const elsewhere: ReadonlyMap<string, string> = new Map([
  ['serviceList', 'give supergraphSdl: new IntrospectAndCompose({ subgraphs })'],
  ['localServiceList', 'give supergraphSdl: new LocalCompose({ localServiceList })'],
  ['experimental_updateSupergraphSdl', hook],
  ['experimental_updateServiceDefinitions', hook],
  ['uplinkEndpoints', uplink],
  ['uplinkMaxRetries', uplink],
  ['schemaConfigDeliveryEndpoint', uplink],
  ['fallbackPollIntervalInMs', uplink],
  ['fetcher', 'for Uplink, give it to the UplinkSupergraphManager; for subgraphs there is "http"'],
  ['pollIntervalInMs', 'give it to the manager, such as IntrospectAndCompose'],
  ['introspectionHeaders', 'give them to IntrospectAndCompose'],
  ['serviceHealthCheck', 'call gateway.serviceHealthCheck(), or set it on the manager'],
  ['experimental_didUpdateSupergraph', 'call gateway.onSchemaLoadOrUpdate()'],
  ['experimental_didResolveQueryPlan', 'plans are shown with "exposeQueryPlan"'],
  ['experimental_approximateQueryPlanStoreMiB', 'use "planCacheBytesMax", in bytes'],
  ['__exposeQueryPlanExperimental', 'use "exposeQueryPlan"'],
  ['validateSupergraph', 'a supergraph that cannot be served is always refused'],
  ['telemetry', 'there are no spans here'],
]);

/** Those that say where a supergraph comes from. */
const sources: ReadonlySet<string> = new Set([
  'serviceList',
  'localServiceList',
  'experimental_updateSupergraphSdl',
  'experimental_updateServiceDefinitions',
  'uplinkEndpoints',
  'schemaConfigDeliveryEndpoint',
]);

function adviceFor(name: string): string {
  const advice = elsewhere.get(name);
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
