import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createEmptyHouse, type EmptyHouse } from './empty-house.ts';

/** Each file is put into an empty project with our rules; the named rule must report it. */
const violations: readonly (readonly [rule: string, file: string, target: string])[] = [
  ['subgraphs-are-strangers', 'subgraphs/orders/resolvers/order.ts', '../../users/domain/user.ts'],
  ['subgraph-domain-imports', 'subgraphs/users/domain/user.ts', '../../kit/errors.ts'],
  ['subgraph-data-imports', 'subgraphs/users/data/loaders.ts', '../resolvers/user.ts'],
  ['subgraph-resolvers-imports', 'subgraphs/users/resolvers/user.ts', '../data/loaders.ts'],
  ['subgraph-kit-imports', 'subgraphs/kit/errors.ts', '../users/domain/user.ts'],
  ['gateway-root-imports', 'gateway/gateway.ts', '../subgraphs/kit/errors.ts'],
  ['engine-comparison-imports', 'engine/comparison/ask.ts', '../fetching/fetch.ts'],
  ['engine-planning-imports', 'engine/planning/plan.ts', '../access/rules.ts'],
  ['engine-supergraph-imports', 'engine/supergraph/read.ts', '../planning/plan.ts'],
  ['engine-operation-imports', 'engine/operation/run.ts', '../apollo/gateway.ts'],
  ['engine-apollo-imports', 'engine/apollo/gateway.ts', '../../gateway/gateway.ts'],
  ['engine-execution-imports-types-only', 'engine/execution/run.ts', '../fetching/fetch.ts'],
  ['engine-fetching-imports', 'engine/fetching/fetch.ts', '../../gateway/config/load.ts'],
  ['gateway-rates-imports', 'gateway/rates/limiter.ts', '../http/door.ts'],
  ['events-contracts-imports', 'events/contracts/event.ts', '../outbox/partition.ts'],
  ['events-bus-imports', 'events/bus/bus.ts', '../inbox/inbox.ts'],
  ['events-relay-imports-types-only', 'events/relay/relay.ts', '../bus/bus.ts'],
  ['subgraph-data-imports', 'subgraphs/orders/data/orders.ts', '../../../events/relay/relay.ts'],
  ['composition-imports', 'composition/compose.ts', '../gateway/gateway.ts'],
  ['common-imports', 'common/errors.ts', '../gateway/config/load.ts'],
  ['storefront-imports', 'storefront/main.ts', '../engine/planning/plan.ts'],
  ['tools-imports', 'tools/check.ts', '../subgraphs/users/data/loaders.ts'],
  ['apollo-server-at-the-edge', 'engine/access/rules.ts', '@apollo/server'],
  ['planners-behind-one-door', 'engine/limits/depth.ts', '@apollo/query-planner'],
  ['no-development-tools-in-production', 'gateway/http/logger.ts', 'esbuild'],
  ['no-tests-in-production', 'gateway/config/load.ts', '../../test/support/builders.ts'],
  ['resolvable', 'gateway/identity/verify.ts', './none.ts'],
  ['no-cycles', 'gateway/http/a.ts', './b.ts'],
];

/** A cycle is reported where it is found first. */
const restOfTheCycle = ['gateway/http/b.ts', './a.ts'] as const;

/** Imports that the architecture allows. */
const allowed: readonly (readonly [file: string, target: string])[] = [
  ['gateway/http/pages/sandbox.ts', '@apollo/server'],
  ['engine/planning/apollo-planner.ts', '@apollo/query-planner'],
  ['gateway/supergraph/file.ts', '../../common/errors.ts'],
  ['subgraphs/orders/data/seed.ts', '../domain/order.ts'],
  ['subgraphs/orders/data/placing.ts', '../../../events/outbox/append-to-outbox.ts'],
  ['subgraphs/orders/domain/order.ts', '../../../common/viewer.ts'],
];

describe('import rules', () => {
  let house: EmptyHouse;
  let found: readonly string[];

  beforeAll(async () => {
    house = await createEmptyHouse();
    const imports = [...violations.map(([, ...plant]) => plant), ...allowed, restOfTheCycle];
    const plants = new Map<string, string[]>();
    for (const [file, target] of imports) {
      plants.set(file, [...(plants.get(file) ?? []), target]);
      if (target.startsWith('.') && target !== './none.ts') {
        const neighbour = join(dirname(file), target);
        plants.set(neighbour, plants.get(neighbour) ?? []);
      }
    }
    for (const [file, targets] of plants) {
      const code = targets.map(
        (target, index) => `import * as m${index} from '${target}'; void m${index};\n`,
      );
      await house.plant(file, `${code.join('')}export {};\n`);
    }
    found = await violationsIn(house);
  });

  afterAll(() => house.remove());

  it.each(violations)('%s: %s may not import %s', (rule, file) => {
    expect(found).toContain(`${rule} ${file}`);
  });

  it.each(allowed)('%s may import %s', (file) => {
    expect(found.filter((violation) => violation.endsWith(` ${file}`))).toEqual([]);
  });
});

/** The violations in a project, each as `rule file`. */
async function violationsIn(house: EmptyHouse): Promise<readonly string[]> {
  const output = await house.run(
    'dependency-cruiser/bin/dependency-cruise.mjs',
    ...['--config', '.dependency-cruiser.js', '--output-type', 'json'],
    ...['common', 'engine', 'gateway', 'subgraphs', 'events', 'composition'],
    ...['storefront', 'tools', 'test'],
  );
  const { summary } = JSON.parse(output) as {
    readonly summary: {
      readonly violations: readonly {
        readonly from: string;
        readonly rule: { readonly name: string };
      }[];
    };
  };
  return summary.violations.map(({ from, rule }) => `${rule.name} ${from}`);
}
