import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { type Launch, type Peer, PeerNotStarted, type Surroundings } from './peer.ts';

const root = new URL('../../', import.meta.url).pathname;
const compiled = 'dist/gateway/main.js';

/** How a process runs TypeScript, as the project's own scripts do. */
export const typescript: readonly string[] = ['--import', import.meta.resolve('tsx')];

/** The gateway of this project as it ships. */
export const ours: Peer = {
  name: 'ours',
  title: 'this gateway',
  description:
    '`gateway/main.ts` in production mode with its default settings: access tokens verified, a signed identity for ' +
    'each subgraph, limits and correlation ids on.',
  packages: [],
  start: (surroundings) => launchOf([...typescript, 'gateway/main.ts'], surroundings),
  path: () => '/graphql',
};

/** The same, compiled as in the container image. */
export const oursBuilt: Peer = {
  ...ours,
  name: 'ours-built',
  title: 'this gateway, compiled',
  description: 'The same from `dist/`, which `npm run build` makes and the container image runs.',
  start: (surroundings) => {
    if (!existsSync(`${root}${compiled}`)) {
      throw new PeerNotStarted(`${compiled} is not there: npm run build makes it`);
    }
    if (changedAt(compiled) < newestSourceAt()) {
      throw new PeerNotStarted(`${compiled} is older than its sources: npm run build renews it`);
    }
    return launchOf([compiled], surroundings);
  },
};

function newestSourceAt(): number {
  const files = ['gateway', 'common'].flatMap((folder) =>
    readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => `${folder}/${name}`),
  );
  return Math.max(...files.map(changedAt));
}

function changedAt(path: string): number {
  return statSync(`${root}${path}`).mtimeMs;
}

function launchOf(args: readonly string[], { port, subgraphUrls, jwksUrl }: Surroundings): Launch {
  return {
    args,
    cwd: root,
    env: {
      GATEWAY_PORT: String(port),
      JWKS_URL: jwksUrl,
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
