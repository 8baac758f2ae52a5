import { readFileSync } from 'node:fs';
import { parse, validate } from 'graphql';
import { createOwnPlanner } from '../../engine/planning/own-planner.ts';
import { readSupergraph } from '../../engine/supergraph/supergraph.ts';
import { SupergraphEngine } from '../../engine/operation/supergraph-engine.ts';
import { main } from '../operations/storefront.ts';
import { engineRequest, planOf } from '../../test/support/engine-request.ts';
import { planRequestOf } from '../../test/support/plan-request.ts';
import { quantile } from '../measure/statistics.ts';

/**
 * What our planner costs on the storefront's supergraph: the first plan after a load, in a process that has planned
 * before and in one that has not, and the same plan again. Prints medians in milliseconds.
 *
 *   node --expose-gc --import tsx bench/planner/speed.ts [rounds]
 */
const rounds = Number(process.argv[2] ?? 400);
const sdl = readFileSync(new URL('../../supergraph.graphql', import.meta.url), 'utf8');
const document = parse(main.query, { noLocation: true });

const cold = { ready: 0, plan: 0 };
const times = { ready: [], first: [], warm: [], firstServed: [], again: [], fresh: [] } as Record<
  'ready' | 'first' | 'warm' | 'firstServed' | 'again' | 'fresh',
  number[]
>;
for (let round = -1; round < rounds; round += 1) {
  const { supergraph, planner, ms } = timed(() => {
    const read = readSupergraph(sdl);
    return { supergraph: read, planner: createOwnPlanner(read) };
  });
  const request = planRequestOf(main.query);
  const first = timed(() => ({ plan: planner.plan(request) }));
  if (round < 0) {
    cold.ready = ms;
    cold.plan = first.ms;
    continue;
  }
  const engine = new SupergraphEngine(supergraph, {
    planner: 'own',
    queryPlannerConfig: undefined,
    planCacheBytesMax: 2 ** 20,
    random: () => 1,
  });
  times.ready.push(ms);
  times.first.push(first.ms);
  for (let again = 0; again < 10; again += 1)
    times.warm.push(timed(() => ({ plan: planner.plan(request) })).ms);
  times.firstServed.push(timed(() => ({ plan: planned(engine, `first ${round}`) })).ms);
  for (let again = 0; again < 5; again += 1)
    times.again.push(timed(() => ({ plan: planned(engine, `${again} ${round}`) })).ms);
  for (let at = 0; at < 5; at += 1) {
    const text = main.query.replace('quantity', `q${round}_${at}: quantity`);
    const fresh = timed(() => {
      const read = parse(text);
      return { errors: validate(supergraph.apiSchema, read), plan: planned(engine, text, read) };
    });
    times.fresh.push(fresh.ms);
  }
}

const median = (values: number[]): string =>
  quantile(
    values.slice(values.length >> 2).sort((one, other) => one - other),
    0.5,
  ).toFixed(3);
process.stdout.write(
  `cold process: ready ${cold.ready.toFixed(1)}, first plan ${cold.plan.toFixed(2)}\n` +
    `ready ${median(times.ready)}; first plan ${median(times.first)}; again ${median(times.warm)}; ` +
    `first through the engine ${median(times.firstServed)}; again, not kept ${median(times.again)}; ` +
    `a new operation parsed, validated and planned ${median(times.fresh)} ms\n`,
);

function timed<T extends object>(run: () => T): T & { readonly ms: number } {
  const from = performance.now();
  const result = run();
  return { ...result, ms: performance.now() - from };
}

function planned(engine: SupergraphEngine, documentKey: string, read = document): object {
  return planOf(engine, engineRequest(documentKey, { document: read }));
}
