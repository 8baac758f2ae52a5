import { describe, expect, it } from '@jest/globals';
import { loadInventoryAddress } from './load-inventory-address.ts';

describe('kit/grpc/load-inventory-address', () => {
  it.each([
    [undefined, '127.0.0.1:50051', 50_051],
    [' ', '127.0.0.1:50051', 50_051],
    ['products:50052', 'products:50052', 50_052],
    ['inventory.shop.svc.cluster.local:1', 'inventory.shop.svc.cluster.local:1', 1],
    ['[::1]:50051', '[::1]:50051', 50_051],
    ['6000', '127.0.0.1:6000', 6_000],
    ['127.0.0.1:0', '127.0.0.1:0', 0],
  ])('reads %j as %s', (value, target, port) => {
    expect(loadInventoryAddress({ INVENTORY_GRPC_ADDRESS: value })).toEqual({ target, port });
  });

  it.each([
    'products',
    'products:',
    ':50051',
    'products:65536',
    'http://products:50051',
    '::1:50051',
    'a b:1',
  ])('refuses %j', (value) => {
    expect(() => loadInventoryAddress({ INVENTORY_GRPC_ADDRESS: value })).toThrow(
      `INVENTORY_GRPC_ADDRESS: takes host:port, such as 127.0.0.1:50051, not "${value}".`,
    );
  });
});
