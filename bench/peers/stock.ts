import { type Peer, serverFile } from './peer.ts';

/** `ApolloGateway` as its documentation starts it. */
export const stock: Peer = {
  name: 'stock',
  title: 'ApolloGateway',
  description: '`ApolloGateway` in `startStandaloneServer`, all defaults, its telemetry off.',
  packages: ['@apollo/gateway', '@apollo/server'],
  start: ({ port, supergraphPath }) => ({
    args: [serverFile('stock.server.js')],
    env: { PORT: String(port), SUPERGRAPH: supergraphPath, APOLLO_TELEMETRY_DISABLED: 'true' },
  }),
  path: () => '/',
};
