import { defineSubgraph, readSchema } from '../kit/define-subgraph.ts';
import { access } from './access.ts';
import { createContext, createServices } from './context.ts';
import { seed, unseed } from './data/seed.ts';
import { resolvers } from './resolvers/index.ts';

/** The subgraph that owns orders. */
export const orders = defineSubgraph({
  name: 'orders',
  port: 4003,
  schema: readSchema(new URL('./schema.graphql', import.meta.url)),
  resolvers,
  access,
  migrations: new URL('./data/migrations/', import.meta.url),
  seed,
  unseed,
  services: createServices,
  context: createContext,
});
