import type { IncomingMessage } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import type { GatewayInterface } from '@apollo/server-gateway-interface';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLError } from 'graphql';
import { createDocumentStore } from '../../common/document-store.ts';
import type { Logger } from '../../common/logger.ts';
import { clientErrorFormat } from './client-error.ts';
import { compressAnswer } from './compression.ts';
import { varyOnViewer } from './direct-lane.ts';
import { errorLog } from './error-log.ts';
import { exchangeOf } from './exchange.ts';
import type { GatewayContext } from './gateway-context.ts';
import type { GatewayLimits } from './gateway-limits.ts';
import { type GuardedFields, guardFields } from './guarded-fields.ts';
import { sendError } from './json-errors.ts';
import { type KnownOperations, rememberOperations } from './known-operations.ts';
import { asksForPage } from './landing-page.ts';
import type { NegotiatedTypes } from './negotiated-types.ts';
import { operationRules } from './operation-rules.ts';
import { documentRequestOf } from './persisted-documents/document-request.ts';
import type { PersistedDocuments } from './persisted-documents/persisted-documents.ts';
import { plainJsonStatus } from './plain-json-status.ts';
import { refuseAsGraphQL } from './refusal.ts';
import type { CreateContext } from './request-context.ts';
import { retryAfter } from './retry-after.ts';
import { readyForCaches } from './shared-answers.ts';

/** What the GraphQL server is made of. */
export interface GraphQLServerOptions {
  readonly gateway: GatewayInterface;
  readonly mode: 'development' | 'production';
  readonly limits: GatewayLimits;
  readonly guarded: GuardedFields;
  readonly documents: PersistedDocuments;
  /** Where operations are remembered for the direct lane; absent when there is none. */
  readonly known?: KnownOperations | undefined;
  /** The most bytes that the documents it has parsed may occupy. */
  readonly documentBytesMax?: number | undefined;
  readonly log: Logger;
}

/** The GraphQL server: parses and validates, has the gateway execute, and shapes errors. */
export type GraphQLServer = ApolloServer<GatewayContext>;

/** Apollo Server over a gateway, not started. Production has no introspection and no hints about the schema. */
export function createGraphQLServer({
  gateway,
  mode,
  limits,
  guarded,
  documents,
  known,
  documentBytesMax,
  log,
}: GraphQLServerOptions): GraphQLServer {
  return new ApolloServer<GatewayContext>({
    gateway,
    nodeEnv: mode,
    introspection: mode === 'development',
    hideSchemaDetailsFromClientErrors: mode === 'production',
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    persistedQueries: { cache: documents.registrations },
    documentStore: createDocumentStore(documentBytesMax),
    formatError: clientErrorFormat(mode),
    ...limits.serverOptions,
    plugins: [
      limits.plugin,
      operationRules(),
      documents.plugin,
      guardFields(guarded),
      errorLog(log),
      plainJsonStatus(),
      retryAfter(),
      ApolloServerPluginLandingPageDisabled(),
      ...(known ? [rememberOperations(known, guarded.names, documents.mayRun)] : []),
    ],
    logger: log,
  });
}

/** The address of the GraphQL server. */
export const graphqlPath = '/graphql';

/**
 * Serves a started GraphQL server: GET and POST, 405 for other methods. `types` learns which content types it answers
 * with. `resolveDocument` may name a request's document otherwise, or refuse it, once it is known who asks. Browsers that
 * open the address get what `sendPage` sends.
 */
export function serveGraphQL(
  app: FastifyInstance,
  server: GraphQLServer,
  createContext: CreateContext,
  types: NegotiatedTypes,
  resolveDocument: PersistedDocuments['resolve'] = () => undefined,
  sendPage?: (reply: FastifyReply) => FastifyReply,
): void {
  const refused = new WeakMap<IncomingMessage, GraphQLError>();
  const answer = fastifyApolloHandler(server, {
    context: async ({ raw }) => {
      const exchange = exchangeOf(raw);
      const context = await (exchange.context ?? createContext(exchange)).catch(refuseAsGraphQL);
      const refusal = refused.get(raw);
      if (refusal) throw refusal;
      return context;
    },
  });
  app.route({
    method: ['GET', 'POST'],
    url: graphqlPath,
    exposeHeadRoute: false,
    onSend: async (request, reply, payload) => {
      const others = reply.raw.getHeader('vary');
      void reply.header(
        'vary',
        others === undefined ? varyOnViewer : `${String(others)}, ${varyOnViewer}`,
      );
      readyForCaches(request, reply);
      if (typeof payload !== 'string') return payload;
      const compressed = await compressAnswer(exchangeOf(request.raw), payload);
      if (!compressed) return payload;
      void reply.header('content-encoding', compressed.encoding);
      return compressed.bytes;
    },
    handler: async (request, reply) => {
      if (sendPage && asksForPage(request.raw)) return sendPage(reply);
      const named = documentRequestOf(request);
      const refusal = named && resolveDocument(named);
      if (refusal) refused.set(request.raw, refusal);
      const body = await answer.call(app, request, reply);
      if (request.method === 'POST' && reply.statusCode === 200) {
        types.learn(request.headers.accept, reply.getHeader('content-type'));
      }
      return body;
    },
  });
  const refuseMethod = (_request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    sendError(reply.header('allow', 'GET, POST'), 'BAD_REQUEST', 'Expected GET or POST.', 405);
  app.route({
    method: ['DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'PUT'],
    url: graphqlPath,
    // Before a body is read: whatever it is, the method is what is wrong.
    onRequest: (request, reply) => void refuseMethod(request, reply),
    handler: refuseMethod,
  });
}
