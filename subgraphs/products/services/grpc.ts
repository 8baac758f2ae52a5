import type { Clock } from '../../../common/clock.ts';
import { createIdentityVerifier } from '../../../common/identity-token.ts';
import type { ListenAddress } from '../../../common/listen-failure.ts';
import type { Logger } from '../../../common/logger.ts';
import { createServiceIdentityVerifier } from '../../../common/service-identity.ts';
import { type Environment, variable } from '../../../common/settings.ts';
import type { Companion } from '../../kit/define-subgraph.ts';
import { inventoryOwner } from '../../kit/grpc/inventory-contract.ts';
import {
  inventoryAddressName,
  loadInventoryAddress,
} from '../../kit/grpc/load-inventory-address.ts';
import { openGrpcServer } from '../../kit/grpc/open-server.ts';
import type { SubgraphSettings } from '../../kit/load-settings.ts';
import { repeat } from '../../kit/repeat.ts';
import type { ProductRepository } from '../data/product-repository.ts';
import type { ReservationRepository } from '../data/reservation-repository.ts';
import { serveInventory } from './inventory.ts';
import { serveProducts } from './product-service.ts';
import type { StockFollowing } from './stock-following.ts';

/** How often expired reservations are looked for, and how many are released in one transaction. */
const expiryEveryMs = 5_000;
const expiredAtOnce = 100;

/**
 * Where products serves gRPC: at the address of its HTTP server, on its own port. If that server picks any free port
 * and this one is not set, this one does too.
 */
export function grpcAddressOf(
  { host, port: httpPort }: SubgraphSettings,
  environment: Environment,
): ListenAddress {
  const isSaid = variable(environment, inventoryAddressName) !== undefined;
  const port = httpPort === 0 && !isSaid ? 0 : loadInventoryAddress(environment).port;
  return { host, port, portSetting: inventoryAddressName };
}

/** Serves the stock and the catalogue by gRPC, and releases expired reservations; at the end no stock is followed any more. */
export async function startGrpc(
  services: {
    readonly products: ProductRepository;
    readonly reservations: ReservationRepository;
    readonly stock: Pick<StockFollowing, 'close'>;
  },
  {
    settings,
    environment,
    clock,
    log,
  }: {
    readonly settings: SubgraphSettings;
    readonly environment: Environment;
    readonly clock: Clock;
    readonly log: Logger;
  },
): Promise<Companion> {
  const { identityKeys, mode, drainDelayMs, drainTimeoutMs } = settings;
  const verifyService = createServiceIdentityVerifier(inventoryOwner, identityKeys, clock);
  const verifyIdentity = createIdentityVerifier(inventoryOwner, identityKeys, clock);
  const server = await openGrpcServer({
    address: grpcAddressOf(settings, environment),
    services: [
      serveInventory({ ...services, verifyService, clock }),
      serveProducts({ ...services, verifyIdentity, verifyService, mode }),
    ],
    drain: { delayMs: drainDelayMs, timeoutMs: drainTimeoutMs },
    clock,
    log,
  });
  const { reservations } = services;
  const expiry = repeat({
    name: 'release expired reservations',
    everyMs: expiryEveryMs,
    run: (signal) => releaseExpired(reservations, clock, signal),
    log,
  });
  return {
    address: server.address,
    async stop() {
      await Promise.all([server.stop(), expiry.stop()]);
      await services.stock.close();
    },
    waitsFor: () => server.waitsFor?.() ?? [],
  };
}

async function releaseExpired(
  reservations: ReservationRepository,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  let released = expiredAtOnce;
  while (released === expiredAtOnce && !signal.aborted) {
    released = await reservations.releaseExpired(new Date(clock.now()), expiredAtOnce);
  }
}
