import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendError } from './json-errors.ts';
import { varyOnViewer } from './pipeline/respond.ts';

/** The address of the GraphQL server. */
export const graphqlPath = '/graphql';

/**
 * Serves everything at the GraphQL address except operations: the page for browsers that open it, if there is one, and
 * 405 for methods other than GET and POST.
 */
export function serveGraphQLAddress(
  app: FastifyInstance,
  sendPage: ((reply: FastifyReply) => FastifyReply) | undefined,
): void {
  if (sendPage) {
    app.route({
      method: 'GET',
      url: graphqlPath,
      exposeHeadRoute: false,
      handler: (_request, reply) => {
        const others = reply.raw.getHeader('vary');
        const vary = others === undefined ? varyOnViewer : `${String(others)}, ${varyOnViewer}`;
        return sendPage(reply.header('vary', vary));
      },
    });
  }
  const refuseMethod = (_request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    sendError(reply.header('allow', 'GET, POST'), 'BAD_REQUEST', 'Expected GET or POST.', 405);
  app.route({
    method: ['DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'PUT'],
    url: graphqlPath,
    // Before a body is read: whatever it is, the method is already wrong.
    onRequest: (request, reply) => void refuseMethod(request, reply),
    handler: refuseMethod,
  });
}
