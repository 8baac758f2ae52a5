import { DeferredRuns } from './deferred-runs.ts';
import { judgeDeferred } from './judge-deferred.ts';
import { hasSeveralMutations } from './judge.ts';
import { Oracle, type Shape } from './oracle.ts';
import { questionOf } from './questions.ts';
import { withDefers } from './random-defers.ts';
import { generateSupergraph } from './supergraph-generator.ts';

/** The result of judging operations with `@defer`. */
export interface DeferReport {
  readonly counts: {
    operations: number;
    /** Deferred parts, those with fetches of their own, and those inside of others. */
    parts: number;
    fetching: number;
    nested: number;
  };
  /** The first plan that is wrong, as text. */
  readonly wrong: string[];
}

/** How many operations on each supergraph, from which seed on; how many of the supergraphs are random ones. */
export interface DeferRun {
  readonly operations: number;
  readonly firstSeed: number;
  readonly randomSupergraphs: number;
}

/** Judges random operations with `@defer` at random places, on the given supergraphs and on random ones. */
export async function judgeRandomDeferred(
  shapes: readonly Shape[],
  { operations, firstSeed, randomSupergraphs }: DeferRun,
): Promise<DeferReport> {
  const report: DeferReport = {
    counts: { operations: 0, parts: 0, fetching: 0, nested: 0 },
    wrong: [],
  };
  for (const shape of shapes) await judgeOn(new Oracle(shape), operations, firstSeed, report);
  for (let seed = firstSeed; seed < firstSeed + randomSupergraphs; seed += 1) {
    const oracle = oracleOf(generateSupergraph(seed));
    if (oracle) await judgeOn(oracle, operations, seed * operations, report);
  }
  return report;
}

async function judgeOn(
  oracle: Oracle,
  operations: number,
  firstSeed: number,
  { counts, wrong }: DeferReport,
): Promise<void> {
  const runs = new DeferredRuns(oracle.supergraph);
  for (let seed = firstSeed; seed < firstSeed + operations; seed += 1) {
    const { operation, world } = questionOf(oracle, seed);
    // What is deferred in one is answered after the others, which may have changed it.
    if (wrong.length > 0 || hasSeveralMutations(operation)) continue;
    const deferring = withDefers(operation, seed, oracle.apiSchema);
    const labels = world.labels ?? [];
    const { parts, fetching, nested, finding } = await judgeDeferred(oracle, runs, deferring, {
      seed,
      misfortune: 0,
      labels,
    });
    counts.operations += 1;
    counts.parts += parts;
    counts.fetching += fetching;
    counts.nested += nested;
    if (finding === undefined) continue;
    wrong.push(
      [
        `seed ${seed}`,
        oracle.supergraphSdl,
        deferring.text,
        JSON.stringify(deferring.variables),
        finding,
      ].join('\n'),
    );
  }
}

/** `undefined` where a random supergraph does not compose. */
function oracleOf(schemas: Shape['schemas']): Oracle | undefined {
  try {
    return new Oracle({ schemas });
  } catch {
    return undefined;
  }
}
