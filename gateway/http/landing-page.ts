import type { IncomingMessage } from 'node:http';

/** True for what a browser sends when somebody opens the GraphQL address: it wants a page, and asks for no operation. */
export function asksForPage({ method, url = '', headers: { accept } }: IncomingMessage): boolean {
  return method === 'GET' && !url.includes('?') && accept?.includes('text/html') === true;
}
