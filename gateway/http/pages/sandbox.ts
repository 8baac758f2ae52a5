import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import type { FastifyInstance } from 'fastify';
import { policyOfPage } from '../edge/security-headers.ts';

/** The header with which Apollo's tools request the query plan, in `extensions.__queryPlanExperimental`. */
const queryPlanHeader = 'Apollo-Query-Plan-Experimental';

/** How Apollo's page finds the server to query: the address that it was loaded from. */
const ownAddress = 'window.location.href';

/** Serves Apollo Sandbox at `/sandbox`, which queries `graphqlPath`, and can request query plans. */
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
  // The page does not depend on the server.
  const listener = await plugin.serverWillStart?.({} as never);
  const page = await listener?.renderLandingPage?.();
  const html = typeof page?.html === 'function' ? await page.html() : (page?.html ?? '');
  if (!html.includes(ownAddress))
    throw new Error(`Apollo's page was expected to have ${ownAddress}.`);
  return html.replace(ownAddress, `new URL(${JSON.stringify(graphqlPath)}, ${ownAddress}).href`);
}
