import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { startStreamingGateway, type StreamingPeer } from './gateways.ts';
import { openStream, type Stream } from './open-stream.ts';
import { askOne, type OtherQuery, quantile } from './other-clients.ts';
import type { TickingSubgraph } from './subgraph.ts';

/** What readers that stop cost a gateway and its other clients. */
export interface StoppedCosts {
  /** How much more of its memory is in use when they have stopped for that time, and how much more is resident. */
  readonly grownBytes: number;
  readonly residentGrownBytes: number;
  /** How many of the readers received the newest event when they read on. */
  readonly newestAt: number;
  /** How long an event took to a reader that reads. */
  readonly eventP99Ms: number;
  /** Queries of other clients: how long they took, and how many were refused as too much. */
  readonly queryP99Ms: number;
  readonly refused: number;
}

/** Events a second, while readers are stopped and before. */
export const eventsPerSecond = 1_000;

const warmUpSeconds = 10;
const settleMs = 1_000;
const queryEveryMs = 20;
const newestDeadlineMs = 20_000;
const failedQuery: OtherQuery = { ms: Infinity, isRefused: true };
/** With the rest of an event, about a kilobyte. */
const text = 'x'.repeat(950);

/** Measures one gateway, with a reader over each of its protocols that stops for some seconds. */
export async function measureStopped(
  peer: StreamingPeer,
  subgraph: TickingSubgraph,
  seconds: number,
  signal: AbortSignal,
): Promise<StoppedCosts> {
  const gateway = await startStreamingGateway(peer, subgraph.supergraph, { keepsStopped: true });
  const { port } = gateway;
  const agent = new Agent({ connections: 64 });
  const leaving = new AbortController();
  const delays: number[] = [];
  const reading = readOn(port, agent, leaving.signal, (sentAt) => {
    delays.push(performance.now() - sentAt);
  });
  // It is awaited at the end.
  reading.catch(() => undefined);
  let stopped: readonly Stream[] = [];
  try {
    stopped = await Promise.all(peer.transports.map((transport) => openStream(transport, port)));
    await send(subgraph, warmUpSeconds, signal);
    for (const stream of stopped) stream.pause();
    await sleep(settleMs);
    const before = [await gateway.bytesInUse(), await gateway.residentBytes()] as const;
    delays.length = 0;
    const queries: Promise<OtherQuery>[] = [];
    const asking = setInterval(() => {
      queries.push(askOne(port, agent).catch(() => failedQuery));
    }, queryEveryMs);
    await send(subgraph, seconds, signal).finally(() => {
      clearInterval(asking);
    });
    const others = await Promise.all(queries);
    const grownBytes = (await gateway.bytesInUse()) - before[0];
    const residentGrownBytes = (await gateway.residentBytes()) - before[1];
    const eventP99Ms = quantile(delays, 0.99);
    subgraph.tick('newest', text);
    for (const stream of stopped) stream.resume();
    const seen = await Promise.all(
      stopped.map((stream) =>
        Promise.race([
          stream.see('"newest"').then(() => true),
          sleep(newestDeadlineMs, false, { ref: false }),
        ]),
      ),
    );
    return {
      ...{ grownBytes, residentGrownBytes, eventP99Ms },
      newestAt: seen.filter(Boolean).length,
      queryP99Ms: quantile(
        others.map(({ ms }) => ms),
        0.99,
      ),
      refused: others.filter(({ isRefused }) => isRefused).length,
    };
  } finally {
    leaving.abort();
    for (const stream of stopped) stream.close();
    await reading;
    await agent.destroy();
    await gateway.stop();
  }
}

/** Sends events for some seconds; the id of each is when it was sent. */
async function send(
  subgraph: TickingSubgraph,
  seconds: number,
  signal: AbortSignal,
): Promise<void> {
  const from = performance.now();
  for (let sent = 0; sent < seconds * eventsPerSecond;) {
    signal.throwIfAborted();
    await sleep(5);
    const due = ((performance.now() - from) / 1_000) * eventsPerSecond;
    for (; sent < due; sent += 1) subgraph.tick(`at-${performance.now()}`, text);
  }
}

/** A client that reads: tells when each of its events was sent, until it is told to leave. */
async function readOn(
  port: number,
  agent: Agent,
  signal: AbortSignal,
  onEvent: (sentAt: number) => void,
): Promise<void> {
  try {
    const { body } = await request(`http://127.0.0.1:${port}/graphql`, {
      ...{ dispatcher: agent, method: 'POST', signal, bodyTimeout: 0 },
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: '{"query":"subscription { ticked { text id } }"}',
    });
    let rest = '';
    for await (const chunk of body.setEncoding('latin1')) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const sentAt = /"at-([\d.]+)"/.exec(line)?.[1];
        if (sentAt !== undefined) onEvent(Number(sentAt));
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
