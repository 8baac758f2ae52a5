import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

/** A subgraph that sends events when it is told to. */
export interface TickingSubgraph {
  readonly supergraph: string;
  /** How many subscriptions are open at it. */
  open(): number;
  /** Sends an event to all: of about 340 bytes, unless it has another text. */
  tick(id: string, text?: string): void;
  stop(): void;
}

const typeDefs = parse(`
  type Query { now: String }
  type Subscription { ticked: Tick }
  type Tick { id: ID! text: String }
`);
const usualText = 'x'.repeat(270);
const commentEveryMs = 10_000;

/**
 * Starts it on a free port, and composes a supergraph of it alone. It looks at a query no further than to know what is
 * asked, so that it costs little and the same for all gateways.
 */
export async function startTickingSubgraph(): Promise<TickingSubgraph> {
  const readers = new Set<ServerResponse>();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    if (request.headers.accept?.includes('text/event-stream') === true) {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      readers.add(response);
      response.once('close', () => readers.delete(response));
    } else {
      const data = { now: 'now', ...(body.includes('__typename') && { __typename: 'Query' }) };
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ data }));
    }
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const writeAll = (event: string): void => {
    for (const reader of readers) reader.write(event);
  };
  const commenting = setInterval(writeAll, commentEveryMs, ':\n\n');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  const { supergraphSdl, errors } = composeServices([{ name: 'ticks', url, typeDefs }]);
  if (supergraphSdl === undefined) throw new Error(errors?.join('\n'));
  return {
    supergraph: supergraphSdl,
    open: () => readers.size,
    tick: (id, text = usualText) => {
      const data = JSON.stringify({ data: { ticked: { __typename: 'Tick', id, text } } });
      writeAll(`event: next\ndata: ${data}\n\n`);
    },
    stop: () => {
      clearInterval(commenting);
      server.closeAllConnections();
      server.close();
    },
  };
}
