import type { FastifyServerOptions } from 'fastify';

/**
 * For a Fastify server none of whose routes has a schema. Without it, the first server of a process loads two compilers
 * of schemas that nobody asks, which takes a fifth of a second.
 */
export const withoutSchemas = {
  schemaController: {
    compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler },
  },
} satisfies Pick<FastifyServerOptions, 'schemaController'>;

function noCompiler(): never {
  throw new Error('Expected no route to have a schema.');
}
