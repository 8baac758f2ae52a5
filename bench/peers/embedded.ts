import { ensureBuilt, root } from './build.ts';
import { type Peer, serverFile } from './peer.ts';

/** `SupergraphGateway` in the place of `ApolloGateway`: the change of one line. */
export const embedded: Peer = variant({
  name: 'embedded',
  title: 'SupergraphGateway, Apollo Server',
  description:
    '`SupergraphGateway` in a user’s `startStandaloneServer`, all defaults: what `ApolloGateway` users get by one line.',
});

/** The same behind the faster HTTP server that Apollo Server has an integration for. */
export const embeddedFastify: Peer = variant({
  name: 'embedded-fastify',
  title: 'SupergraphGateway, Apollo on Fastify',
  description:
    '`SupergraphGateway` in Apollo Server behind `@as-integrations/fastify`, all defaults.',
});

function variant(peer: Pick<Peer, 'name' | 'title' | 'description'>): Peer {
  return {
    ...peer,
    packages: ['@apollo/server'],
    start: ({ port, supergraphPath }) => {
      ensureBuilt(root);
      return {
        args: [serverFile('embedded.server.js')],
        env: { PORT: String(port), SUPERGRAPH: supergraphPath, VARIANT: peer.name },
      };
    },
    path: () => '/',
  };
}
