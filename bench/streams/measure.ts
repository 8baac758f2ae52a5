import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from 'undici';
import { startWorker } from '../child-process.ts';
import type { ClientsReply, ClientsRequest } from './clients.ts';
import { startStreamingGateway, type StreamingGateway, type StreamingPeer } from './gateways.ts';
import type { Transport } from './open-stream.ts';
import { askOne, type OtherQuery, quantile } from './other-clients.ts';
import type { TickingSubgraph } from './subgraph.ts';

/** What many open streams cost, and what one event to all of them does to a gateway. */
export interface StreamCosts {
  readonly streams: number;
  /** Subscriptions that the gateway has open at the subgraph. */
  readonly upstream: number;
  readonly bytesPerStream: number;
  /** The longest time that its event loop was blocked while it sent an event to all: the median of the rounds, and the most. */
  readonly blockedMs: readonly [number, number];
  /** When all clients had it: the median of the rounds. */
  readonly deliveredMs: number;
  /** Queries of other clients meanwhile: how long they took, and how many were refused as too much. */
  readonly otherP99Ms: number;
  readonly othersRefused: number;
}

/** What is measured. */
export interface StreamsMeasurement {
  readonly streams: number;
  readonly rounds: number;
  readonly transport: Transport;
}

const openDeadlineMs = 120_000;
const deliverDeadlineMs = 20_000;
const settleMs = 1_000;
/** How often other clients ask, from the event on. */
const queryEveryMs = 5;
const queriesAfterMs = 100;

/** Measures one gateway with clients of one kind. */
export async function measureStreams(
  peer: StreamingPeer,
  subgraph: TickingSubgraph,
  { streams, rounds, transport }: StreamsMeasurement,
  signal: AbortSignal,
): Promise<StreamCosts> {
  const gateway = await startStreamingGateway(peer, subgraph.supergraph);
  const clients = startWorker<ClientsRequest, ClientsReply>(
    new URL('./clients.ts', import.meta.url),
  );
  const agent = new Agent({ connections: 64 });
  let ticks = 0;
  const tickUntilSeen = async (): Promise<void> => {
    const id = `tick-${(ticks += 1)}`;
    const seen = clients.ask({ expect: id }, deliverDeadlineMs);
    const again = setInterval(() => {
      subgraph.tick(id);
    }, 1_000);
    await seen.finally(() => {
      clearInterval(again);
    });
  };
  const open = async (count: number): Promise<void> => {
    await clients.ask({ open: count, transport, port: gateway.port }, openDeadlineMs);
    await tickUntilSeen();
    await sleep(settleMs);
  };
  try {
    // What a process needs once is there before anything is counted.
    await open(Math.ceil(streams / 5));
    await clients.ask('close', deliverDeadlineMs);
    await sleep(settleMs);
    const before = await gateway.residentBytes();
    await open(streams);
    const bytesPerStream = ((await gateway.residentBytes()) - before) / streams;
    const blocked: number[] = [];
    const delivered: number[] = [];
    const others: OtherQuery[] = [];
    for (let round = 0; round < rounds; round += 1) {
      signal.throwIfAborted();
      await sleep(settleMs / 2);
      await gateway.longestBlockMs();
      const id = `tick-${(ticks += 1)}`;
      const seen = clients.ask({ expect: id }, deliverDeadlineMs);
      await sleep(50);
      const queries = askOthers(gateway, agent, seen);
      const from = performance.timeOrigin + performance.now();
      subgraph.tick(id);
      delivered.push((await seen).atMs - from);
      others.push(...(await queries));
      blocked.push(await gateway.longestBlockMs());
    }
    const upstream = subgraph.open();
    return {
      ...{ streams, upstream, bytesPerStream },
      blockedMs: [quantile(blocked, 0.5), Math.max(...blocked)],
      deliveredMs: quantile(delivered, 0.5),
      otherP99Ms: quantile(
        others.map(({ ms }) => ms),
        0.99,
      ),
      othersRefused: others.filter(({ isRefused }) => isRefused).length,
    };
  } finally {
    await clients.stop();
    await agent.destroy();
    await gateway.stop();
  }
}

/** Sends queries at a steady pace until some time after the event has arrived; resolves to how long they took. */
async function askOthers(
  { port }: StreamingGateway,
  agent: Agent,
  seen: Promise<unknown>,
): Promise<readonly OtherQuery[]> {
  let isOver = false;
  const end = (): void => {
    setTimeout(() => (isOver = true), queriesAfterMs);
  };
  seen.then(end, end);
  const taken: Promise<OtherQuery>[] = [];
  while (!isOver) {
    taken.push(askOne(port, agent));
    await sleep(queryEveryMs);
  }
  return Promise.all(taken);
}
