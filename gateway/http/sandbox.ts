import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import type { GatewayContext } from './gateway-context.ts';

/** The header by which Apollo's tools ask a gateway for the query plan, under `extensions.__queryPlanExperimental`. */
const queryPlanHeader = 'Apollo-Query-Plan-Experimental';

/** Apollo Sandbox as the landing page of `/graphql`, asking for the query plan of what it runs; or no page at all. */
export function sandbox(isEnabled: boolean): ApolloServerPlugin<GatewayContext> {
  if (!isEnabled) return ApolloServerPluginLandingPageDisabled();
  return ApolloServerPluginLandingPageLocalDefault({
    embed: {
      runTelemetry: false,
      initialState: { sharedHeaders: { [queryPlanHeader]: '1' } },
    },
    footer: false,
    document: 'query Catalogue {\n  products {\n    id\n    name\n    price\n    stock\n  }\n}\n',
  });
}
