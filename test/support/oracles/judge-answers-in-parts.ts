import { isDeepStrictEqual } from 'node:util';
import { parse } from 'graphql';
import { messageOf } from '../../../common/errors.ts';
import { writeAnswer } from '../../../engine/execution/execute.ts';
import type { SubgraphFetch } from '../../../engine/fetching/types.ts';
import { SupergraphEngine } from '../../../engine/operation/supergraph-engine.ts';
import {
  type IncrementalFormat,
  incrementalFormats,
} from '../../../gateway/http/parts/incremental-formats.ts';
import { engineRequest } from '../engine-request.ts';
import { hasSeveralMutations } from './judge.ts';
import { mergeParts } from './merged-parts.ts';
import type { GeneratedOperation } from './operation-generator.ts';
import { drawOf, type Oracle } from './oracle.ts';
import { questionOf } from './questions.ts';
import { withDefers } from './random-defers.ts';
import { createRandom } from './random.ts';
import type { WorldOptions } from './world.ts';

/** The result of judging answers in parts. */
export interface PartsReport {
  readonly counts: {
    operations: number;
    /** Operations whose answer came in parts, and those with failures among them. */
    inParts: number;
    failing: number;
    parts: number;
  };
  /** The first wrong answer, as text. */
  readonly wrong: string[];
}

/**
 * Judges the answers to random operations with `@defer`, in both formats: the merged parts equal the answer of one
 * graphql-js schema over the same data, which knows no `@defer`. Where something fails, a value must be the right one or
 * null, and every null must be explained by an error.
 */
export async function judgeAnswersInParts(
  oracle: Oracle,
  operations: number,
  firstSeed: number,
  { counts, wrong }: PartsReport,
): Promise<void> {
  let draw = 1;
  const engine = new SupergraphEngine(oracle.supergraph, {
    planner: 'own',
    queryPlannerConfig: undefined,
    planCacheBytesMax: 2 ** 24,
    random: () => draw,
  });
  for (let seed = firstSeed; seed < firstSeed + operations && wrong.length === 0; seed += 1) {
    const { operation, world } = questionOf(oracle, seed);
    // What is deferred in one is answered after the others, which may have changed it.
    if (hasSeveralMutations(operation)) continue;
    const deferring = withUniqueLabels(withDefers(operation, seed, oracle.apiSchema));
    const judged = { ...world, faults: undefined };
    counts.operations += 1;
    draw = drawOf(world);
    for (const format of incrementalFormats) {
      const finding = await findingIn(engine, oracle, deferring, judged, format, counts).catch(
        messageOf,
      );
      if (finding === undefined) continue;
      const texts = [deferring.text, JSON.stringify(deferring.variables)];
      wrong.push([`seed ${seed}, ${format.spec}`, ...texts, finding].join('\n'));
      break;
    }
  }
}

/** What is selected twice is deferred under the same label, which is not valid. */
function withUniqueLabels({ text, variables }: GeneratedOperation): GeneratedOperation {
  let count = 0;
  const labelled = text.replaceAll(
    /@defer\(label: "d\d+"/g,
    () => `@defer(label: "d${(count += 1)}"`,
  );
  return { text: labelled, variables };
}

async function findingIn(
  engine: SupergraphEngine,
  oracle: Oracle,
  operation: GeneratedOperation,
  world: WorldOptions,
  format: IncrementalFormat,
  counts: PartsReport['counts'],
): Promise<string | undefined> {
  const refused: string[] = [];
  const { labels = [], seed, misfortune } = world;
  const fetch = slowed(
    oracle.fetchIn(world, (finding) => refused.push(finding)),
    seed,
  );
  const { text, variables } = operation;
  const texts = await textsOf(
    engine,
    engineRequest(text, { variables, overrideLabels: labels, fetch }),
    format,
  );
  const { data, errorPaths, mistakes, partCount } = mergeParts(texts);
  if (format === incrementalFormats[0]) {
    counts.parts += partCount;
    counts.inParts += texts.length > 1 ? 1 : 0;
    counts.failing += texts.length > 1 && misfortune > 0 ? 1 : 0;
  }
  const expected = oracle.expectOf(parse(text), variables, world);
  const whole: unknown = JSON.parse(expected.data);
  const isSame =
    expected.errorPaths.length === 0
      ? errorPaths.length === 0 && isDeepStrictEqual(data, whole)
      : isSound(data, expected.withoutPropagation, [], errorPaths);
  const problems = [...mistakes, ...refused, ...(isSame ? [] : ['the merged parts are wrong'])];
  if (problems.length === 0) return undefined;
  return [...problems, `expected ${expected.data}`, ...texts].join('\n');
}

async function textsOf(
  engine: SupergraphEngine,
  request: ReturnType<typeof engineRequest>,
  format: IncrementalFormat,
): Promise<readonly string[]> {
  const errorFormat = (error: { toJSON(): { message: string } }): { message: string } =>
    error.toJSON();
  const ready = await engine.prepareParts(request);
  if (typeof ready === 'function') return [(await ready(errorFormat)).json];
  const { initial, pending, later } = await ready.start();
  const { json } = writeAnswer(initial, errorFormat);
  if (pending.length === 0) return [json];
  const first = { ...(JSON.parse(json) as object), ...format.initial(pending) };
  const texts = [JSON.stringify(first)];
  for await (const delivery of later)
    texts.push(JSON.stringify(format.delivery(delivery, errorFormat)));
  return texts;
}

/** Answers in another order than asked, the same for the same seed. */
function slowed(fetch: SubgraphFetch, seed: number): SubgraphFetch {
  const random = createRandom(seed);
  return async (request) => {
    const turns = random.below(4);
    const response = await fetch(request);
    for (let turn = 0; turn < turns; turn += 1) await new Promise((done) => setImmediate(done));
    return response;
  };
}

type Path = readonly (string | number)[];

/** True when each value is the right one, or an error explains why it is null or missing. */
function isSound(
  actual: unknown,
  expected: unknown,
  path: Path,
  errors: readonly (Path | undefined)[],
): boolean {
  if (actual === expected) return true;
  // A field is missing when another one has nulled its part.
  if (actual === undefined) return errors.some((error) => isRelated(error, path.slice(0, -1)));
  if (actual === null) return errors.some((error) => isRelated(error, path));
  if (typeof actual !== 'object' || typeof expected !== 'object' || expected === null) return false;
  const right = expected as Readonly<Record<string, unknown>>;
  const given = actual as Readonly<Record<string, unknown>>;
  const keys = new Set([...Object.keys(given), ...Object.keys(right)]);
  return [...keys].every((key) => {
    const step = Array.isArray(actual) ? Number(key) : key;
    return isSound(valueOf(given, key), valueOf(right, key), [...path, step], errors);
  });
}

/** True when one path leads to the other, or below it. */
function isRelated(error: Path | undefined, path: Path): boolean {
  if (!error) return true;
  const shorter = Math.min(error.length, path.length);
  return path.slice(0, shorter).every((step, at) => error[at] === step);
}

function valueOf(object: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
