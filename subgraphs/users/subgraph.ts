import { defineSubgraph, readSchema } from '../kit/define-subgraph.ts';
import { access } from './access.ts';
import { createContext } from './context.ts';
import { seedUsers, unseedUsers } from './data/seed.ts';
import { loadAccessTokenSettings } from './load-settings.ts';
import { resolvers } from './resolvers/index.ts';
import { createServices } from './services/create-services.ts';
import { argon2id } from './services/password-hasher.ts';

/** Accounts, sessions, and the access tokens that identify viewers to the gateway. */
export const users = defineSubgraph({
  name: 'users',
  port: 4001,
  schema: readSchema(new URL('./schema.graphql', import.meta.url)),
  resolvers,
  access,
  migrations: new URL('./data/migrations/', import.meta.url),
  seed: seedUsers(argon2id.hash),
  unseed: unseedUsers,
  checkSettings: loadAccessTokenSettings,
  services: createServices,
  context: createContext,
  publicRoutes: ({ publishedKeys }) => [
    {
      path: '/.well-known/jwks.json',
      answer: () => ({ body: publishedKeys, maxAgeSeconds: 300 }),
    },
  ],
});
