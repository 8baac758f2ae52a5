import { type Peer, serverFile } from './peer.ts';

/** Hive Gateway with its own planner and executor. */
export const hive: Peer = variant({
  name: 'hive',
  title: 'Hive Gateway',
  description:
    '`createGatewayRuntime` of Hive Gateway behind `node:http`. It forwards `authorization`; else all defaults.',
  packages: ['@graphql-hive/gateway-runtime'],
});

/** Hive Gateway with the planner and executor of Hive Router. */
export const hiveRust: Peer = variant({
  name: 'hive-rust',
  title: 'Hive Gateway, Rust planner',
  description: 'The same with `unifiedGraphHandler` of `@graphql-hive/router-runtime`.',
  packages: [
    '@graphql-hive/gateway-runtime',
    '@graphql-hive/router-runtime',
    '@graphql-hive/router-query-planner',
  ],
});

function variant(peer: Pick<Peer, 'name' | 'title' | 'description' | 'packages'>): Peer {
  return {
    ...peer,
    start: ({ port, supergraphPath }) => ({
      args: [serverFile('hive.server.js')],
      env: { PORT: String(port), SUPERGRAPH: supergraphPath, VARIANT: peer.name },
    }),
    path: () => '/graphql',
  };
}
