/**
 * A subgraph in a process of its own, to be killed: graphql-yoga, and graphql-ws at the same
 * address. Prints its port.
 */
import { createServer } from 'node:http';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { createYoga } from 'graphql-yoga';
import { WebSocketServer } from 'ws';

const schema = buildSubgraphSchema([
  {
    typeDefs: parse('type Query { alive: Boolean } type Subscription { beats: Int }'),
    resolvers: {
      Query: { alive: () => true },
      Subscription: {
        beats: {
          async *subscribe() {
            yield { beats: 1 };
            await new Promise(() => undefined);
          },
        },
      },
    },
  },
]);

const yoga = createYoga({ schema, logging: false });
const server = createServer((request, response) => void yoga(request, response));
useServer({ schema }, new WebSocketServer({ server, path: '/graphql' }));
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`port ${server.address().port}\n`);
});
