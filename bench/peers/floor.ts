import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Operation } from '../operations/operation.ts';
import { comparedOperations, growingOperations } from '../operations/storefront.ts';
import { type Peer, serverFile, type Surroundings } from './peer.ts';

/** What no gateway on Node can go below: the calls alone. */
export const floor: Peer = {
  name: 'floor',
  title: 'floor: a bare Node proxy',
  description:
    '`node:http` that makes the same calls to the subgraphs with `undici.request`, each with a body written in ' +
    'advance, reads the answers as text and sends a fixed one. It parses, plans, merges and checks nothing.',
  packages: ['undici'],
  start: (surroundings) => {
    const path = join(surroundings.folder, 'floor.json');
    writeFileSync(path, JSON.stringify(routesFor(surroundings)));
    return {
      args: [serverFile('floor.server.js')],
      env: { PORT: String(surroundings.port), ROUTES: path },
    };
  },
  path: routeOf,
};

/** By path: the calls to make, step by step, and the answer. */
function routesFor({ subgraphUrls }: Surroundings): object {
  const routes = [...comparedOperations, ...growingOperations].map((operation) => {
    const steps = operation.upstream.map((calls) =>
      calls.map(({ subgraph, query, variables }) => ({
        url: subgraphUrls.get(subgraph),
        body: JSON.stringify({ query, variables }),
      })),
    );
    return [routeOf(operation), { steps, answer: JSON.stringify({ data: operation.data }) }];
  });
  return Object.fromEntries(routes) as object;
}

function routeOf({ name }: Operation): string {
  return `/${name.replaceAll(' ', '-')}`;
}
