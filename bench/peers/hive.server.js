import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';

const { SUPERGRAPH, VARIANT, PORT } = process.env;

const gateway = createGatewayRuntime({
  supergraph: SUPERGRAPH,
  // Without it, identical calls in flight become one call, for all viewers.
  propagateHeaders: {
    fromClientToSubgraphs: ({ request }) => ({
      authorization: request.headers.get('authorization'),
    }),
  },
  ...(VARIANT === 'hive-rust' && {
    unifiedGraphHandler: (await import('@graphql-hive/router-runtime')).unifiedGraphHandler,
  }),
});
createServer(gateway).listen(Number(PORT), '127.0.0.1');
