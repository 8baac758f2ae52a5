import type { IncomingMessage } from 'node:http';
import type { FastifyReply } from 'fastify';

/** Which tools the page links to. */
export interface LandingPageOptions {
  readonly graphiql: boolean;
  readonly sandbox: boolean;
}

/** Sends the page with its content security policy: it has only a style. */
export function sendLandingPage(reply: FastifyReply, options: LandingPageOptions): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', policy)
    .header('cache-control', 'no-store')
    .send(landingPage(options));
}

/** True when a browser opens the GraphQL address: it accepts a page, and sends no operation. */
export function asksForPage({ method, url = '', headers: { accept } }: IncomingMessage): boolean {
  return method === 'GET' && !url.includes('?') && accept?.includes('text/html') === true;
}

const policy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

function landingPage({ graphiql, sandbox }: LandingPageOptions): string {
  const tools = [
    graphiql
      ? `<li><a href="/graphiql">GraphiQL</a><p>Served by this server, with example operations and a login bar. Needs no other network.</p></li>`
      : '',
    sandbox
      ? `<li><a href="/sandbox">Apollo Sandbox</a><p>Shows query plans, too. Your browser loads it from Apollo, so it has to be online.</p></li>`
      : '',
  ];
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Supergraph</title>
    <style>
      body { max-width: 40rem; margin: 4rem auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; color: #1b2230; background: #fff; }
      h1 { font-size: 1.6rem; }
      ul { list-style: none; padding: 0; }
      li { margin: 1rem 0; padding: 1rem; border: 1px solid #c9d0dc; border-radius: 8px; }
      li p { margin: .25rem 0 0; }
      a { font-weight: 600; color: #0b4fc4; }
      pre { padding: 1rem; overflow: auto; background: #f2f4f8; border-radius: 8px; }
    </style>
  </head>
  <body>
    <h1>This is a GraphQL gateway</h1>
    <p>It answers operations at <code>/graphql</code>. To try it in the browser:</p>
    <ul>
      ${tools.filter(Boolean).join('\n      ')}
    </ul>
    <p>Or from a terminal:</p>
    <pre>curl -H 'content-type: application/json' -d '{"query":"{ __typename }"}' http://127.0.0.1:4000/graphql</pre>
  </body>
</html>
`;
}
