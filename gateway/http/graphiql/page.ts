import type { FastifyInstance } from 'fastify';
import type { LandingPagesConfig } from '../../config/landing-pages.ts';
import { exampleOperations } from './examples.ts';
import { sessionBar } from './session-bar.ts';

/** The page may run its own scripts and workers and talk to this server: it works without any other network. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'unsafe-inline' 'unsafe-eval' blob:",
  "style-src 'unsafe-inline'",
  'font-src data:',
  "img-src 'self' data:",
  "connect-src 'self'",
  'worker-src blob:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Serves GraphiQL at `/graphiql`: complete in one page, with example operations and a bar to log in. */
export function serveGraphiQL(
  app: FastifyInstance,
  accounts: LandingPagesConfig['accounts'],
): void {
  let page: Promise<Buffer> | undefined;
  app.get('/graphiql', async (_request, reply) => {
    page ??= renderPage(accounts);
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', contentSecurityPolicy)
      .header('cache-control', 'no-store')
      .send(await page);
  });
}

/** GraphiQL weighs 9 MB, so that it is loaded and rendered once, and only where somebody opens it. */
async function renderPage(accounts: LandingPagesConfig['accounts']): Promise<Buffer> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const html = renderGraphiQL({
    endpoint: '/graphql',
    title: 'Supergraph',
    defaultTabs: [...exampleOperations],
  });
  const root = '<div id="root"></div>';
  const at = html.indexOf(root);
  if (at < 0) throw new Error(`GraphiQL's page was expected to have ${root}.`);
  return Buffer.from(html.slice(0, at) + sessionBar(accounts) + html.slice(at));
}
