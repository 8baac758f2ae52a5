import { describe, expect, it } from '@jest/globals';
import { compose } from '../../test/support/federation.ts';
import { readSupergraph } from '../supergraph/supergraph.ts';
import { choosePlanner, type PlannerChoice } from './choose.ts';

const supergraph = readSupergraph(compose({ a: 'type Query { a: Int }' }));

describe('planning/choose', () => {
  it.each(['own', 'apollo'] as const)('makes the planner that is asked for: %s', (choice) => {
    expect(choosePlanner(supergraph, choice).name).toBe(choice);
  });

  it.each(['auto', 'native', 'toString'])(
    'names the planners there are when asked for %s',
    (choice) => {
      expect(() => choosePlanner(supergraph, choice as PlannerChoice)).toThrow(
        `There is no planner "${choice}": expected "own" or "apollo".`,
      );
    },
  );
});
