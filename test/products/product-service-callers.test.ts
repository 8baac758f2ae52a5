import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../common/clock.ts';
import { createIdentitySigner, createIdentityVerifier } from '../../common/identity-token.ts';
import { createLogger } from '../../common/logger.ts';
import type { Mode } from '../../common/mode.ts';
import {
  createServiceIdentitySigner,
  createServiceIdentityVerifier,
} from '../../common/service-identity.ts';
import { anonymous, type Viewer } from '../../common/viewer.ts';
import { type GrpcServer, openGrpcServer } from '../../subgraphs/kit/grpc/open-server.ts';
import { createProductRepository } from '../../subgraphs/products/data/product-repository.ts';
import { serveProducts } from '../../subgraphs/products/services/product-service.ts';
import { openTestHome } from '../support/database.ts';
import { type GenericClient, openGenericClient } from '../support/grpc.ts';
import { user } from '../support/subgraph.ts';
import { useProducts } from './products-subgraph.ts';

const key = 'a key of products that is not for development';
const lamp = { name: 'Lamp', price: 24.5, stock: 3 };

/** Who calls: a service, a viewer, or a service on behalf of a viewer. */
interface Callers {
  readonly service?: boolean;
  readonly viewer?: Viewer | 'invalid';
}

const admin = user('3', 'admin');
const john = user('1');

describe('products/product service: its callers', () => {
  const { database } = useProducts(openTestHome);
  const servers = new Map<Mode, { readonly server: GrpcServer; readonly client: GenericClient }>();

  beforeAll(async () => {
    for (const mode of ['development', 'production'] as const) {
      const server = await openGrpcServer({
        address: { host: '127.0.0.1', port: 0, portSetting: 'none' },
        services: [
          serveProducts({
            products: createProductRepository(database()),
            verifyIdentity: createIdentityVerifier('products', [key]),
            verifyService: createServiceIdentityVerifier('products', [key]),
            mode,
          }),
        ],
        drain: { delayMs: 0, timeoutMs: 5_000 },
        clock: systemClock,
        log: createLogger('products', 'silent'),
      });
      servers.set(mode, { server, client: openGenericClient(server.address) });
    }
  });
  afterAll(async () => {
    for (const { server, client } of servers.values()) {
      client.close();
      await server.stop();
    }
  });

  const { OK, UNAUTHENTICATED, PERMISSION_DENIED } = status;

  it.each<readonly [Mode, string, Callers, reads: status, adds: status]>([
    ['production', 'a call without an identity', {}, UNAUTHENTICATED, UNAUTHENTICATED],
    ['production', 'a service', { service: true }, OK, PERMISSION_DENIED],
    ['production', 'an anonymous viewer', { viewer: anonymous }, OK, UNAUTHENTICATED],
    ['production', 'a customer', { viewer: john }, OK, PERMISSION_DENIED],
    ['production', 'an admin', { viewer: admin }, OK, OK],
    [
      'production',
      'a service for an anonymous viewer',
      { service: true, viewer: anonymous },
      OK,
      UNAUTHENTICATED,
    ],
    [
      'production',
      'a service for a customer',
      { service: true, viewer: john },
      OK,
      PERMISSION_DENIED,
    ],
    ['production', 'a service for an admin', { service: true, viewer: admin }, OK, OK],
    [
      'production',
      'a service for an invalid identity',
      { service: true, viewer: 'invalid' },
      OK,
      UNAUTHENTICATED,
    ],
    ['development', 'a call without an identity', {}, OK, OK],
    ['development', 'an anonymous viewer', { viewer: anonymous }, OK, UNAUTHENTICATED],
    ['development', 'an invalid identity', { viewer: 'invalid' }, OK, UNAUTHENTICATED],
    ['development', 'a customer', { viewer: john }, OK, PERMISSION_DENIED],
    ['development', 'an admin', { viewer: admin }, OK, OK],
  ])('in %s, admits %s as far as they may', async (mode, _name, callers, reads, adds) => {
    const { client } = servers.get(mode) ?? {};
    const outcomeOf = async (method: string, request: object): Promise<unknown> => {
      try {
        await client?.call(`ecommerce.ProductService/${method}`, request, metadataOf(callers));
        return OK;
      } catch (error) {
        return (error as ServiceError).code;
      }
    };
    expect(await outcomeOf('GetProduct', { product_id: 1 })).toBe(reads);
    expect(await outcomeOf('CreateProduct', lamp)).toBe(adds);
  });
});

function metadataOf({ service = false, viewer }: Callers): Metadata {
  const metadata = new Metadata();
  if (service) {
    const sign = createServiceIdentitySigner({ service: 'gateway', audience: 'products' }, key);
    metadata.set('x-service-identity', sign());
  }
  if (viewer === 'invalid') metadata.set('x-gateway-identity', 'none');
  else if (viewer) {
    metadata.set('x-gateway-identity', createIdentitySigner('products', key)(viewer).token);
  }
  return metadata;
}
