import { readFileSync } from 'node:fs';
import { parse } from 'graphql';
import { readSupergraph } from '../../engine/supergraph/supergraph.ts';
import { SupergraphEngine } from '../../engine/operation/supergraph-engine.ts';
import { engineRequest, planOf } from '../../test/support/engine-request.ts';

/**
 * What kept operations occupy beside what the plan cache takes them to: the heap after many distinct ones of each kind.
 *
 *   node --expose-gc --import tsx bench/planner/plan-bytes.ts
 */
const whole = '{ id user { name email } items { product { name price } quantity } }';
const many = (count: number, make: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => make(at)).join(' ');

/** Operations by a number in them, and how many are asked. */
const kinds: Readonly<Record<string, readonly [count: number, text: (n: number) => string]>> = {
  'a leaf': [2_000, (n) => `{ a${n}: order(id: "1") { id } }`],
  'the main query': [2_000, (n) => `{ a${n}: order(id: "1") ${whole} }`],
  'a list': [2_000, (n) => `{ orders(first: 50) { nodes { a${n}: id ${whole.slice(1)} } }`],
  'the viewer’s orders': [
    2_000,
    (n) =>
      `{ me { a${n}: id name orders(first: 2) { nodes { id items { quantity product { name } } } } } }`,
  ],
  'objects in one subgraph': [
    2_000,
    (n) => `{ a${n}: order(id: "1") { id items { quantity product { id } } user { id } } }`,
  ],
  'the main query ten times': [
    700,
    (n) => `{ ${many(10, (at) => `a${n}_${at}: order(id: "1") ${whole}`)} }`,
  ],
  'a hundred fields': [
    700,
    (n) => `{ order(id: "1") { ${many(100, (at) => `a${n}_${at}: id`)} } }`,
  ],
  'a hundred fields of an entity': [
    700,
    (n) => `{ order(id: "1") { user { ${many(100, (at) => `a${n}_${at}: name`)} } } }`,
  ],
};

const collect = (): number => {
  global.gc?.();
  global.gc?.();
  return process.memoryUsage().heapUsed;
};

const sdl = readFileSync(new URL('../../supergraph.graphql', import.meta.url), 'utf8');
process.stdout.write('| operation | measured | taken for | |\n| --- | ---: | ---: | ---: |\n');
for (const [name, [count, text]] of Object.entries(kinds)) {
  const engine = new SupergraphEngine(readSupergraph(sdl), {
    planner: 'own',
    queryPlannerConfig: undefined,
    planCacheBytesMax: 2 ** 32,
    random: () => 1,
  });
  const ask = (from: number, to: number): void => {
    for (let n = from; n < to; n += 1) {
      const document = parse(text(n), { noLocation: true });
      planOf(engine, engineRequest(`key ${n}`, { document }));
    }
  };
  ask(1_000, 1_200);
  const heap = collect();
  const { bytes } = engine.planCacheStatistics;
  ask(2_000, 2_000 + count);
  const measured = (collect() - heap) / count;
  const estimated = (engine.planCacheStatistics.bytes - bytes) / count;
  process.stdout.write(
    `| ${name} | ${measured.toFixed(0)} | ${estimated.toFixed(0)} | ${(estimated / measured).toFixed(2)} |\n`,
  );
}
