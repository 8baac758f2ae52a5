import { describeMachine, installedVersionOf } from './machine.ts';
import { type Bench, createBench, WrongAnswer } from './measure/bench.ts';
import { compare, type ComparisonPlan } from './measure/comparison.ts';
import { measureFirstTime } from './measure/first-time.ts';
import { seeGuards } from './measure/guards.ts';
import { measureManyOperations, type MemoryPoint } from './measure/many-operations.ts';
import { comparedOperations, growingOperations } from './operations/storefront.ts';
import type { Options } from './options.ts';
import { mainPeers } from './peers/all.ts';
import { launch, type RunningPeer } from './peers/launch.ts';
import { type Peer, PeerNotStarted } from './peers/peer.ts';
import type { Growth, Participant, Result } from './result.ts';
import { type StartedSurroundings, startSurroundings } from './surroundings.ts';

const quickPlan = { warmUpMs: 3_000, furtherWarmUpMs: 900, leadInMs: 100, sliceMs: 800 };
const wholePlan = { warmUpMs: 6_000, furtherWarmUpMs: 2_500, leadInMs: 150, sliceMs: 1_000 };
const growthPlan = {
  warmUpMs: 1_500,
  furtherWarmUpMs: 1_500,
  leadInMs: 100,
  sliceMs: 1_000,
};

/**
 * Runs the benchmark: starts everything, measures, and stops all that it started, also when `signal` aborts it. Says
 * what it does by `progress`.
 */
export async function runBenchmark(
  { peers, rounds, quick, onlyGrowth, write }: Options,
  signal: AbortSignal,
  progress: (line: string) => void,
): Promise<Result> {
  const startedAt = new Date();
  const machine = describeMachine();
  const surroundings = await startSurroundings();
  const bench = createBench(surroundings);
  const running: RunningPeer[] = [];
  // Code that waits for the load generator is then notified that it has ended, and everything is stopped.
  signal.addEventListener('abort', () => void bench.stop());
  const say = (line: string): void => {
    signal.throwIfAborted();
    progress(line);
  };
  try {
    const participants = await startPeers(peers, surroundings, running, say);
    const ours = running.find(({ peer }) => peer.name === 'ours');
    const guards = ours ? await seeGuards(ours, surroundings) : [];
    for (const { name, isOn } of guards) say(`${isOn ? 'on' : 'OFF'}: ${name}`);

    const operations = onlyGrowth ? growingOperations : comparedOperations;
    const plan = { rounds, ...(onlyGrowth ? growthPlan : quick ? quickPlan : wholePlan) };
    const comparison = await compare(bench, running, operations, plan, say);
    const growth = onlyGrowth
      ? { operations: growingOperations, comparison }
      : write && (await measureGrowth(bench, running, say));
    const whole = write && (await measureWhole(bench, running, say));
    const minutes = (Date.now() - startedAt.getTime()) / 60_000;
    return {
      startedAt,
      minutes,
      machine,
      participants,
      operations,
      comparison,
      guards,
      ...(growth && { growth }),
      ...(whole && { whole }),
    };
  } finally {
    await Promise.all(running.map((peer) => peer.stop()));
    await bench.stop();
    await surroundings.stop();
  }
}

/** Starts gateways one after the other and adds those that run to `running`; says which could not. */
async function startPeers(
  peers: readonly Peer[],
  surroundings: StartedSurroundings,
  running: RunningPeer[],
  say: (line: string) => void,
): Promise<readonly Participant[]> {
  const participants: Participant[] = [];
  for (const peer of peers) {
    say(`starting ${peer.name}`);
    const { name, title, description, packages } = peer;
    const participant = { name, title, description, versions: packages.map(installedVersionOf) };
    try {
      running.push(await launch(peer, surroundings));
      participants.push(participant);
    } catch (error) {
      if (!(error instanceof PeerNotStarted)) throw error;
      say(`${name} did not start: ${error.message}`);
      participants.push({ ...participant, notStarted: error.message });
    }
  }
  return participants;
}

async function measureGrowth(
  bench: Bench,
  running: readonly RunningPeer[],
  say: (line: string) => void,
): Promise<Growth> {
  const growing = running.filter(({ peer }) => mainPeers.includes(peer));
  const plan: ComparisonPlan = { rounds: 3, ...growthPlan };
  const comparison = await compare(bench, growing, growingOperations, plan, say);
  return { operations: growingOperations, comparison };
}

async function measureWhole(
  bench: Bench,
  running: readonly RunningPeer[],
  say: (line: string) => void,
): Promise<NonNullable<Result['whole']>> {
  const planners = running.filter(({ peer }) => peer.name !== 'floor');
  const firstTime = await measureFirstTime(bench, planners, say);
  const ours = running.find(({ peer }) => peer.name === 'ours');
  const memory = ours ? await memoryOf(bench, ours, say) : [];
  return { firstTime, memory };
}

async function memoryOf(
  bench: Bench,
  ours: RunningPeer,
  say: (line: string) => void,
): Promise<readonly MemoryPoint[]> {
  try {
    return await measureManyOperations(bench, ours, say);
  } catch (error) {
    if (!(error instanceof WrongAnswer)) throw error;
    say(`memory: ${error.message}`);
    return [];
  }
}
