import { afterAll, beforeAll } from '@jest/globals';
import { describeOnEachDatabase } from '../support/database.ts';
import { type GenericClient, openGenericClient } from '../support/grpc.ts';
import { describeStreams } from './product-streams.ts';
import { useProducts } from './products-subgraph.ts';

describeOnEachDatabase('products/product service, with 100,000 products', (open) => {
  const { grpcAddress, database, statements } = useProducts(open);
  let client: GenericClient;

  beforeAll(() => {
    client = openGenericClient(grpcAddress());
  });
  afterAll(() => {
    client.close();
  });

  describeStreams({ client: () => client, database, statements, count: 100_000 });
});
