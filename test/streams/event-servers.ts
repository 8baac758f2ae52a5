import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginSubscriptionCallback } from '@apollo/server/plugin/subscriptionCallback';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import { fastify } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { createYoga } from 'graphql-yoga';
import { WebSocketServer } from 'ws';
import { developmentIdentityKey } from '../../common/development-keys.ts';
import { createIdentityVerifier, identityHeader } from '../../common/identity-token.ts';

/** A subgraph of another make, which has subscriptions. */
export interface EventServer {
  readonly url: string;
  readonly server: Server;
  /** The headers, and the payload of `connection_init`, with which subscriptions were opened. */
  readonly openings: { readonly headers: IncomingHttpHeaders; readonly init?: unknown }[];
  stop(): Promise<void>;
}

/** Serves a schema with graphql-yoga: subscriptions are server-sent events or parts, as the client wants. */
export async function serveYoga(schema: GraphQLSchema): Promise<EventServer> {
  const openings: EventServer['openings'] = [];
  const yoga = createYoga({ schema, maskedErrors: false, logging: false });
  const server = createServer((request, response) => {
    const { accept = '' } = request.headers;
    if (/event-stream|multipart/.test(accept)) openings.push({ headers: request.headers });
    void yoga(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url: urlOf(server), server, openings, stop };
}

/** Serves a schema with Apollo Server, and its subscriptions with graphql-ws at the same address. */
export async function serveApolloWithWebSockets(schema: GraphQLSchema): Promise<EventServer> {
  const openings: EventServer['openings'] = [];
  const app = fastify();
  const apollo = new ApolloServer({ schema, plugins: [fastifyApolloDrainPlugin(app)] });
  await apollo.start();
  app.route({ url: '/graphql', method: ['GET', 'POST'], handler: fastifyApolloHandler(apollo) });
  const sockets = new WebSocketServer({ server: app.server, path: '/graphql' });
  useServer(
    {
      schema,
      onConnect: ({ connectionParams: init, extra }) => {
        openings.push({ headers: extra.request.headers, init });
      },
    },
    sockets,
  );
  await app.listen({ port: 0, host: '127.0.0.1' });
  const stop = async (): Promise<void> => {
    for (const client of sockets.clients) client.terminate();
    sockets.close();
    app.server.closeAllConnections();
    await app.close();
  };
  return { url: urlOf(app.server), server: app.server, openings, stop };
}

/**
 * Serves a schema with Apollo Server, which posts the events of its subscriptions to where the opening says. So it takes
 * operations of the gateway alone, as docs/streams.md demands.
 */
export async function serveApolloWithCallbacks(schema: GraphQLSchema): Promise<EventServer> {
  const openings: EventServer['openings'] = [];
  const app = fastify();
  const verify = createIdentityVerifier('tracking', [developmentIdentityKey('tracking')]);
  app.addHook('onRequest', (request, reply, done) => {
    if (!verify(request.headers[identityHeader]?.toString() ?? '')) {
      void reply.code(401).send();
      return;
    }
    if (request.headers.accept?.includes('callbackSpec') === true) openings.push(request);
    done();
  });
  const apollo = new ApolloServer({
    schema,
    plugins: [fastifyApolloDrainPlugin(app), ApolloServerPluginSubscriptionCallback()],
  });
  await apollo.start();
  app.route({ url: '/graphql', method: ['GET', 'POST'], handler: fastifyApolloHandler(apollo) });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const stop = async (): Promise<void> => {
    app.server.closeAllConnections();
    await apollo.stop();
  };
  return { url: urlOf(app.server), server: app.server, openings, stop };
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}
