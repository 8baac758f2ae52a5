import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import type { FastifyInstance } from 'fastify';
import { policyOfPage } from '../edge/security-headers.ts';

/** The header by which Apollo's tools ask a gateway for the query plan, under `extensions.__queryPlanExperimental`. */
const queryPlanHeader = 'Apollo-Query-Plan-Experimental';

/** How Apollo's page says what it asks: the address that it was loaded from. */
const ownAddress = 'window.location.href';

/** Serves Apollo Sandbox at `/sandbox`, which asks `graphqlPath`, also for the query plan of what it runs. */
export function serveSandbox(app: FastifyInstance, graphqlPath: string, document: string): void {
  app.get('/sandbox', async (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', policyOfPage)
      .header('cache-control', 'no-store')
      .send(await renderSandbox(graphqlPath, document)),
  );
}

async function renderSandbox(graphqlPath: string, document: string): Promise<string> {
  const plugin = ApolloServerPluginLandingPageLocalDefault({
    embed: {
      runTelemetry: false,
      initialState: { sharedHeaders: { [queryPlanHeader]: '1' } },
    },
    footer: false,
    document,
  });
  // The page does not depend on the server that it is for.
  const listener = await plugin.serverWillStart?.({} as never);
  const page = await listener?.renderLandingPage?.();
  const html = typeof page?.html === 'function' ? await page.html() : (page?.html ?? '');
  if (!html.includes(ownAddress))
    throw new Error(`Apollo's page was expected to have ${ownAddress}.`);
  return html.replace(ownAddress, `new URL(${JSON.stringify(graphqlPath)}, ${ownAddress}).href`);
}
