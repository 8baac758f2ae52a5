import type { Operation } from '../operations/operation.ts';
import type { RunningPeer } from '../peers/launch.ts';
import { type Bench, type Slice, WrongAnswer } from './bench.ts';

/** How a comparison is made. */
export interface ComparisonPlan {
  readonly rounds: number;
  /** Load on each gateway before anything is measured, for the JIT compiler: thousands of requests. */
  readonly warmUpMs: number;
  /** The same for each operation after the first, which finds most of the code compiled. */
  readonly furtherWarmUpMs: number;
  /** Load before each slice, for caches and connections that other gateways have cooled. */
  readonly leadInMs: number;
  readonly sliceMs: number;
}

/** What was measured of one gateway with one operation: a slice for each round, or why there is none. */
export type Outcome =
  | { readonly kind: 'measured'; readonly slices: readonly Slice[] }
  | { readonly kind: 'failed'; readonly reason: string };

/** Outcomes by the gateway's name and the operation's name. */
export type Comparison = ReadonlyMap<string, ReadonlyMap<string, Outcome>>;

/**
 * Measures every gateway with every operation, interleaved: a round holds one slice of each, and each round begins
 * with another gateway, so that whatever the machine does in the meantime meets all of them. A gateway that answers
 * an operation wrongly is left out of that operation, with the reason.
 */
export async function compare(
  bench: Bench,
  targets: readonly RunningPeer[],
  operations: readonly Operation[],
  { rounds, warmUpMs, furtherWarmUpMs, leadInMs, sliceMs }: ComparisonPlan,
  progress: (line: string) => void,
): Promise<Comparison> {
  const slices = new Map(targets.map(({ peer }) => [peer.name, new Map<string, Slice[]>()]));
  const failures = new Map<string, string>();

  const attempt = async (
    target: RunningPeer,
    operation: Operation,
    work: () => Promise<unknown>,
  ): Promise<void> => {
    const cell = `${target.peer.name} ${operation.name}`;
    if (failures.has(cell)) return;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof WrongAnswer)) throw error;
      failures.set(cell, error.message);
      progress(`${cell}: ${error.message}`);
    }
  };

  progress(`warming up ${targets.length} gateways`);
  for (const [at, operation] of operations.entries()) {
    for (const target of targets) {
      await attempt(target, operation, async () => {
        const maxMs = at === 0 ? warmUpMs : furtherWarmUpMs;
        await bench.warm(target, operation, { maxMs, maxRequests: 1, concurrency: 1 });
        await bench.warm(target, operation, { maxMs });
      });
    }
  }
  for (let round = 0; round < rounds; round += 1) {
    progress(`round ${round + 1} of ${rounds}`);
    for (const operation of operations) {
      for (const target of rotated(targets, round)) {
        await attempt(target, operation, async () => {
          await bench.warm(target, operation, { maxMs: leadInMs });
          const slice = await bench.measure(target, operation, { maxMs: sliceMs });
          const ofPeer = slices.get(target.peer.name);
          ofPeer?.set(operation.name, [...(ofPeer.get(operation.name) ?? []), slice]);
        });
      }
    }
  }

  const outcomeOf = (peer: string, operation: string): Outcome => {
    const reason = failures.get(`${peer} ${operation}`);
    if (reason !== undefined) return { kind: 'failed', reason };
    return { kind: 'measured', slices: slices.get(peer)?.get(operation) ?? [] };
  };
  return new Map(
    targets.map(({ peer }) => [
      peer.name,
      new Map(operations.map(({ name }) => [name, outcomeOf(peer.name, name)])),
    ]),
  );
}

function rotated<T>(members: readonly T[], by: number): readonly T[] {
  const at = by % members.length;
  return [...members.slice(at), ...members.slice(0, at)];
}
