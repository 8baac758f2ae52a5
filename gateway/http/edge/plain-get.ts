import type { IncomingMessage } from 'node:http';

const jsonTypes = ['application/graphql-response+json', 'application/json'];

/**
 * True for a GET of a GraphQL client that no page of another site can have caused, although it has no header that would
 * require a preflight. Clients such as urql send these.
 *
 * It must ask for JSON by name, as no link, image, form or script tag does. And it must come from a page of this server
 * or of an origin that may read responses, or else not from a browser: browsers say where a request comes from (Fetch
 * Metadata), and when they do not, because the server has no TLS, they still send a name that begins with `Mozilla/`,
 * which no page can change without a preflight.
 */
export function isFromNoOtherSite({ headers }: IncomingMessage, isAllowedOrigin: boolean): boolean {
  const { accept = '' } = headers;
  if (!jsonTypes.some((type) => accept.includes(type))) return false;
  if (isAllowedOrigin) return true;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  return headers.origin === undefined && headers['user-agent']?.startsWith('Mozilla/') !== true;
}
