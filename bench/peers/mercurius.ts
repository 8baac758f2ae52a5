import { type Peer, serverFile } from './peer.ts';

/** Mercurius' gateway, which speaks Federation 1. */
export const mercurius: Peer = {
  name: 'mercurius',
  title: 'Mercurius gateway',
  description:
    '`@mercuriusjs/gateway` on Fastify, all defaults. It knows Federation 1 only, so it gets the part of the ' +
    'subgraph schemas that the operations use, written by hand in that version.',
  packages: ['@mercuriusjs/gateway', 'mercurius', 'fastify'],
  start: ({ port, subgraphUrls }) => ({
    args: [serverFile('mercurius.server.js')],
    env: {
      PORT: String(port),
      SUBGRAPHS: JSON.stringify([...subgraphUrls].map(([name, url]) => ({ name, url }))),
    },
  }),
  path: () => '/graphql',
};
