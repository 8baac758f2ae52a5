import type { FastifyServerOptions } from 'fastify';

/**
 * For a Fastify server without schemas on its routes. Otherwise the first server of a process loads two schema
 * compilers that are never used, which takes a fifth of a second.
 */
export const withoutSchemas = {
  schemaController: {
    compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler },
  },
} satisfies Pick<FastifyServerOptions, 'schemaController'>;

function noCompiler(): never {
  throw new Error('Expected no route to have a schema.');
}
