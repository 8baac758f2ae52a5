import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { SupergraphGateway } from '../../dist/engine/index.js';

// A schema works with one copy of graphql-js only: Apollo Server is taken from where the gateway has it.
const require = createRequire(new URL('../../package.json', import.meta.url));
const { ApolloServer } = require('@apollo/server');

const { SUPERGRAPH, VARIANT, PORT } = process.env;
const host = '127.0.0.1';
const port = Number(PORT);

const gateway = new SupergraphGateway({ supergraphSdl: readFileSync(SUPERGRAPH, 'utf8') });
const server = new ApolloServer({ gateway });

if (VARIANT === 'embedded-fastify') {
  const { fastify } = require('fastify');
  const { fastifyApolloHandler } = require('@as-integrations/fastify');
  await server.start();
  const app = fastify();
  app.post('/', fastifyApolloHandler(server));
  await app.listen({ host, port });
} else {
  const { startStandaloneServer } = require('@apollo/server/standalone');
  await startStandaloneServer(server, { listen: { host, port } });
}
