import { type DocumentNode, parse } from 'graphql';
import { messageOf } from '../../../common/errors.ts';
import type { DeferNode } from '../../../engine/execution/plan.ts';
import { planAsText } from '../../../engine/planning/print-plan.ts';
import { differenceOf } from './compare.ts';
import {
  type DeferredRuns,
  fetchesOf,
  type PartialRun,
  partsOf,
  type PlannedPart,
  upTo,
  withoutDeferred,
} from './deferred-runs.ts';
import type { GeneratedOperation } from './operation-generator.ts';
import { answerOf, type Oracle } from './oracle.ts';
import type { WorldOptions } from './world.ts';

/** What a plan with deferred parts was like, and what is wrong with it. */
export interface DeferVerdict {
  /** The parts; empty for an operation without. */
  readonly parts: number;
  /** Those with fetches of their own. */
  readonly fetching: number;
  /** Those inside of other deferred parts. */
  readonly nested: number;
  readonly finding: string | undefined;
}

/**
 * Judges the plan of an operation with `@defer`, in a world where nothing fails:
 * - all parts together answer what the schema over everything answers, and so does the primary part alone for what is
 *   outside of all deferred parts, and each part with those around it for what is in them;
 * - a part gives the same when no more than what it depends on has been fetched before;
 * - every request is valid on its subgraph's schema, and the plan is the same each time.
 */
export async function judgeDeferred(
  oracle: Oracle,
  runs: DeferredRuns,
  operation: GeneratedOperation,
  world: WorldOptions,
): Promise<DeferVerdict> {
  try {
    return await judge(oracle, runs, operation, world);
  } catch (error) {
    return { parts: 0, fetching: 0, nested: 0, finding: messageOf(error) };
  }
}

async function judge(
  oracle: Oracle,
  runs: DeferredRuns,
  operation: GeneratedOperation,
  world: WorldOptions,
): Promise<DeferVerdict> {
  const planned = runs.plan(operation, world.labels ?? []);
  const { node } = planned.plan;
  const isMutation = /^mutation/m.test(operation.text);
  const parts = node?.kind === 'defer' ? partsOf(node) : [];
  const counts = {
    parts: parts.length,
    fetching: parts.filter(({ deferred }) => fetchesOf(deferred)).length,
    nested: parts.filter(({ chain }) => chain.length > 1).length,
  };
  const refused: string[] = [];
  const runOf = (
    nodes: Parameters<DeferredRuns['run']>[0],
    document: DocumentNode,
  ): Promise<PartialRun> => {
    const fetch = oracle.fetchIn(world, (finding) => refused.push(finding));
    return runs.run(nodes, document, operation, planned, fetch);
  };
  const differenceFor = async (
    nodes: Parameters<DeferredRuns['run']>[0],
    document: DocumentNode,
  ): Promise<string | undefined> => {
    const expected = oracle.expectOf(document, operation.variables, world);
    const actual = answerOf(
      (await runOf(nodes, document)).answer as Parameters<typeof answerOf>[0],
    );
    const difference = differenceOf(expected, actual);
    return difference && `${difference}\nexpected ${expected.data}\nactual   ${actual.data}`;
  };
  const finding = async (): Promise<string | undefined> => {
    const again = runs.plan(operation, world.labels ?? []);
    if (planAsText(again.plan) !== planAsText(planned.plan)) return 'another plan the second time';
    const whole = parse(operation.text);
    if (node?.kind !== 'defer') return differenceFor([node], whole);
    const all = parts.map(({ deferred }) => fetchesOf(deferred));
    const difference = await differenceFor([node.primary.node, ...all], whole);
    if (difference !== undefined) return `all parts: ${difference}`;
    const first = await differenceFor([node.primary.node], withoutDeferred(operation, new Set()));
    if (first !== undefined) return `the primary part: ${first}`;
    for (const part of parts) {
      const wrong = await findingIn(part, node);
      if (wrong !== undefined) return `the part ${part.deferred.label}: ${wrong}`;
    }
    return refused[0];
  };
  const findingIn = async (
    { deferred, chain }: PlannedPart,
    { primary }: DeferNode,
  ): Promise<string | undefined> => {
    const kept = new Set(chain.map(({ label }) => label));
    const document = withoutDeferred(operation, kept);
    const run = parts.filter((part) => part.chain.every(({ label }) => kept.has(label)));
    const nodes = [primary.node, ...run.map((part) => fetchesOf(part.deferred))];
    const difference = await differenceFor(nodes, document);
    if (difference !== undefined) return difference;
    // A mutation would be done twice.
    if (isMutation) return undefined;
    // As early as it may begin, and everything else behind it.
    const before = [
      primary.node,
      ...chain.slice(0, -1).map(({ node: each }) => fetchesOf({ node: each })),
    ];
    const needed = neededBy(deferred, chain, before);
    const early = await differenceFor([...needed, fetchesOf(deferred), ...nodes], document);
    return early && `as early as it may begin: ${early}`;
  };
  return { ...counts, finding: await finding() };
}

/** Of the fetches of the parts around, those that a part depends on, and what these depend on. */
function neededBy(
  { depends }: PlannedPart['deferred'],
  chain: PlannedPart['chain'],
  before: readonly ReturnType<typeof fetchesOf>[],
): readonly ReturnType<typeof fetchesOf>[] {
  const ids = new Set(depends);
  const needed: ReturnType<typeof fetchesOf>[] = [];
  for (let at = before.length - 1; at >= 0; at -= 1) {
    const node = upTo(before[at], [...ids]);
    needed.unshift(node);
    // The part at that place of the chain; the first node is the primary part's.
    if (node) for (const id of chain[at - 1]?.depends ?? []) ids.add(id);
  }
  return needed;
}
