import type { FastifyInstance } from 'fastify';
import type { LandingPagesConfig } from '../../../config/landing-pages.ts';
import { createStaticFiles, type StaticFiles } from '../static-files.ts';
import { deferringScript } from './deferring.ts';
import { sessionBar, sessionBarScript, sessionBarStyle } from './session-bar.ts';

/**
 * The page may run this server's scripts and their workers, and connect to this server: it works without any other
 * network.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-eval' blob:",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "connect-src 'self'",
  'worker-src blob:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const folder = '/graphiql';

/** An operation that GraphiQL opens in a tab. */
export interface ExampleOperation {
  readonly query: string;
  readonly variables?: string;
}

/** The options of GraphiQL. */
export interface GraphiQLOptions {
  /** The tabs of a first visit. */
  readonly examples: readonly ExampleOperation[];
  /** The address for logging in; without it there is no login bar. */
  readonly loginPath: string | undefined;
  /** Accounts for logging in with one click. */
  readonly accounts: LandingPagesConfig['accounts'];
}

/**
 * Serves GraphiQL at `/graphiql`, with example operations and a login bar. Its script and style, 9 MB, are files whose
 * names change with their content: a browser loads them once.
 */
export function serveGraphiQL(app: FastifyInstance, options: GraphiQLOptions): void {
  let page: Promise<Page> | undefined;
  app.get(folder, async (_request, reply) => {
    const { html } = await (page ??= renderPage(options));
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', contentSecurityPolicy)
      .header('cache-control', 'no-store')
      .send(html);
  });
  app.get(`${folder}/:file`, async (request, reply) => {
    const { files } = await (page ??= renderPage(options));
    return files.send(request, reply);
  });
}

interface Page {
  readonly html: string;
  readonly files: StaticFiles;
}

/** GraphiQL is large, so it is loaded and taken apart once, and only when it is opened. */
async function renderPage({ examples, loginPath, accounts }: GraphiQLOptions): Promise<Page> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const html = renderGraphiQL({
    endpoint: '/graphql',
    // Subscriptions too: it sends them by GET otherwise, which is refused unless a header is set (CSRF).
    method: 'POST',
    title: 'Supergraph',
    defaultTabs: [...examples],
  });
  const [beforeStyle, style, afterStyle] = cut(html, '<style>', '</style>');
  const [body, script, end] = cut(afterStyle, '<script>', '</script>');
  const files = createStaticFiles(folder);
  const bar = loginPath === undefined ? undefined : sessionBar(accounts);
  const styleUrl = files.add('graphiql.css', bar === undefined ? style : style + sessionBarStyle);
  // These scripts come first: they wrap the fetch function that GraphiQL uses.
  const barScript = loginPath === undefined ? '' : sessionBarScript(loginPath);
  const scriptUrl = files.add('graphiql.js', `${deferringScript}\n${barScript}\n${script}`);
  const [beforeRoot, root, afterRoot] = cut(body, '<div id="root">', '</div>');
  return {
    html:
      `${beforeStyle}<link rel="stylesheet" href="${styleUrl}">${beforeRoot}${bar ?? ''}` +
      `<div id="root">${root}</div>${afterRoot}<script src="${scriptUrl}"></script>${end}`,
    files,
  };
}

/** The text before one mark, between that and the last occurrence of another, and after it. */
function cut(html: string, from: string, to: string): readonly [string, string, string] {
  const start = html.indexOf(from);
  const end = from === '<script>' ? html.lastIndexOf(to) : html.indexOf(to, start);
  if (start < 0 || end < start) throw new Error(`GraphiQL's page was expected to have ${from}.`);
  return [html.slice(0, start), html.slice(start + from.length, end), html.slice(end + to.length)];
}
