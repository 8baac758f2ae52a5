import { outboxMigrations } from '../../events/outbox/outbox-tables.ts';
import { defineSubgraph, readSchema } from '../kit/define-subgraph.ts';
import { access } from './access.ts';
import { createContext, type OrdersContext } from './context.ts';
import { seed, unseed } from './data/seed.ts';
import { type OrdersTables, schemaName } from './data/tables.ts';
import { loadOrdersSettings } from './load-settings.ts';
import { resolvers } from './resolvers/index.ts';
import { createServices, type OrdersServices } from './services/create-services.ts';
import { grpcAddressOf, startGrpc } from './services/grpc.ts';
import { startRecovery } from './services/recovery.ts';

/** The subgraph that owns orders. */
export const orders = defineSubgraph<OrdersTables, OrdersServices, OrdersContext>({
  name: schemaName,
  port: 4003,
  schema: readSchema(new URL('./schema.graphql', import.meta.url)),
  resolvers,
  access,
  migrations: [new URL('./data/migrations/', import.meta.url), outboxMigrations],
  seed,
  unseed,
  services: createServices,
  context: createContext,
  checkSettings: loadOrdersSettings,
  companion: {
    addresses: (settings, environment) => [grpcAddressOf(settings, environment)],
    async start(services, surroundings) {
      const { inventory, recovery, following } = services;
      const server = await startGrpc(services, surroundings);
      const repeated = startRecovery(recovery);
      return {
        address: server.address,
        async stop() {
          await Promise.all([server.stop(), repeated.stop()]);
          await following.close();
        },
        close: () => {
          inventory.close();
        },
        waitsFor: () => server.waitsFor?.() ?? [],
      };
    },
  },
});
