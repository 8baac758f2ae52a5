import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, root } from './build.ts';
import { type Launch, type Peer, PeerNotStarted, type Surroundings } from './peer.ts';

/** The standalone gateway of this project: what the container image runs, rebuilt when its sources have changed. */
export const ours: Peer = {
  name: 'ours',
  title: 'this gateway',
  description:
    '`dist/storefront/gateway.js` as the container starts it, in production mode with its default settings: access tokens verified, a signed identity for ' +
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
  description:
    'The same with `limits.costMode: off` and `rateLimits.enabled: false`: what limits cost.',
  start: (surroundings) =>
    launchOf(root, surroundings, { limits: { costMode: 'off' }, rateLimits: { enabled: false } }),
};

/** The same with one call at a time on a connection to a subgraph: what pipelining saves. */
export const oursUnpipelined: Peer = {
  ...ours,
  name: 'ours-unpipelined',
  title: 'this gateway, no pipelining',
  description: 'The same with `subgraphs.pipelining: 1`: what pipelining saves.',
  start: (surroundings) =>
    launchOf(root, surroundings, { ...countedOnly, subgraphs: { pipelining: 1 } }),
};

/** Counted, and never exceeded: a viewer here asks more in a second than they may in a minute. */
const countedOnly = {
  rateLimits: { anonymousPerMinute: 1_000_000_000, viewerPerMinute: 1_000_000_000 },
};

function launchOf(
  folder: string,
  { port, subgraphUrls, jwksUrl, folder: ofThisRun }: Surroundings,
  settings: object = countedOnly,
): Launch {
  ensureBuilt(folder);
  const settingsFile = join(ofThisRun, `settings-${port}.yaml`);
  // JSON is YAML.
  writeFileSync(settingsFile, JSON.stringify(settings));
  // A checkout of before may have it elsewhere.
  const entry = ['dist/storefront/gateway.js', 'dist/gateway/main.js'].find((path) =>
    existsSync(join(folder, path)),
  );
  if (entry === undefined) throw new PeerNotStarted(`${folder} has no gateway in dist/`);
  return {
    args: ['--max-semi-space-size=64', '--min-semi-space-size=64', entry],
    cwd: folder,
    env: {
      GATEWAY_PORT: String(port),
      JWKS_URL: jwksUrl,
      GATEWAY_CONFIG: settingsFile,
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
