import { main } from '../operations/storefront.ts';
import type { RunningPeer } from '../peers/launch.ts';
import { bodyOf } from '../operations/operation.ts';
import { askWhatTheySaw } from '../subgraphs/seen.ts';

/** A protection of the gateway, and whether it was seen at work. */
export interface Guard {
  readonly name: string;
  readonly isOn: boolean;
}

/** Where to look. */
export interface GuardSurroundings {
  readonly authorizations: readonly string[];
  readonly subgraphUrls: ReadonlyMap<string, string>;
}

const identityHeader = 'x-gateway-identity';
const correlationHeader = 'x-correlation-id';

/** Sees for itself that the gateway is measured with its protections on, from outside. */
export async function seeGuards(
  target: RunningPeer,
  { authorizations: [authorization = ''], subgraphUrls }: GuardSurroundings,
): Promise<readonly Guard[]> {
  const url = target.url(main);
  const right = await post(url, authorization, bodyOf(main));
  const seen = await askWhatTheySaw(subgraphUrls);
  const forged = await post(url, forgedFrom(authorization), bodyOf(main));
  const aliases = Array.from({ length: 100 }, (_, n) => `a${n}: __typename`).join(' ');
  const costly = await post(url, authorization, JSON.stringify({ query: `{ ${aliases} }` }));
  return [
    { name: 'authentication: a forged token is refused with 401', isOn: forged.status === 401 },
    {
      name: 'identity: each subgraph receives a signed identity',
      isOn: seen.every(({ lastHeaders }) => lastHeaders.includes(identityHeader)),
    },
    { name: 'limits: 100 aliases are refused with 400', isOn: costly.status === 400 },
    { name: 'correlation: answers carry an id', isOn: right.headers.has(correlationHeader) },
  ];
}

async function post(url: string, authorization: string, body: string): Promise<Response> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body,
    signal: AbortSignal.timeout(10_000),
  });
  await response.arrayBuffer();
  return response;
}

/** The same token with another signature. */
function forgedFrom(authorization: string): string {
  const at = authorization.lastIndexOf('.') + 1;
  const first = authorization[at] === 'A' ? 'B' : 'A';
  return `${authorization.slice(0, at)}${first}${authorization.slice(at + 1)}`;
}
