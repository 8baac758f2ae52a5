import { randomBytes } from 'node:crypto';
import { ensureBuilt, root } from './build.ts';
import type { Launch, Peer, Surroundings } from './peer.ts';

/** The gateway of this project as it ships: what the container image runs, built anew when its sources have changed. */
export const ours: Peer = {
  name: 'ours',
  title: 'this gateway',
  description:
    '`dist/gateway/main.js` as the container starts it, in production mode with its default settings: access tokens verified, a signed identity for ' +
    'each subgraph, correlation ids and a log line a request on.',
  packages: [],
  start: (surroundings) => launchOf(root, surroundings),
  path: () => '/graphql',
};

/** The same of another checkout: what a change does to the cost of a request. */
export function oursBefore(folder: string): Peer {
  return {
    ...ours,
    name: 'before',
    title: 'this gateway, before',
    description: `The same of the checkout in ${folder}.`,
    start: (surroundings) => launchOf(folder, surroundings),
  };
}

/** The same with nothing counted for each request: what limits cost. Documents are measured once, when they are new. */
export const oursUnlimited: Peer = {
  ...ours,
  name: 'ours-unlimited',
  title: 'this gateway, limits off',
  description: 'The same with `COST_MODE=off` and `RATE_LIMIT_ENABLED=false`: what limits cost.',
  start: (surroundings) => {
    const { env, ...launch } = ours.start(surroundings);
    return { ...launch, env: { ...env, COST_MODE: 'off', RATE_LIMIT_ENABLED: 'false' } };
  },
};

function launchOf(folder: string, { port, subgraphUrls, jwksUrl }: Surroundings): Launch {
  ensureBuilt(folder);
  return {
    args: ['--max-semi-space-size=64', '--min-semi-space-size=64', 'dist/gateway/main.js'],
    cwd: folder,
    env: {
      GATEWAY_PORT: String(port),
      JWKS_URL: jwksUrl,
      // Counted, and never exceeded: a viewer here asks more in a second than they may in a minute.
      RATE_LIMIT_ANONYMOUS_PER_MINUTE: '1000000000',
      RATE_LIMIT_VIEWER_PER_MINUTE: '1000000000',
      ...Object.fromEntries([...subgraphUrls].flatMap(variablesOf)),
    },
  };
}

function variablesOf([subgraph, url]: readonly [string, string]): readonly [string, string][] {
  const prefix = `SUBGRAPH_${subgraph.toUpperCase()}`;
  return [
    [`${prefix}_URL`, url],
    [`${prefix}_IDENTITY_KEY`, randomBytes(32).toString('base64')],
  ];
}
