import { describe, expect, it } from '@jest/globals';
import { compose } from '../../test/support/federation.ts';
import { readSupergraph } from '../supergraph/supergraph.ts';
import { choosePlanner, type PlannerChoice } from './choose.ts';

const supergraph = readSupergraph(compose({ a: 'type Query { a: Int }' }));

describe('planning/choose', () => {
  it.each(['own', 'apollo'] as const)('creates the chosen planner: %s', (choice) => {
    expect(choosePlanner(supergraph, choice).name).toBe(choice);
  });

  it.each(['auto', 'native', 'toString'])(
    'lists the available planners for an unknown choice: %s',
    (choice) => {
      expect(() => choosePlanner(supergraph, choice as PlannerChoice)).toThrow(
        `There is no planner "${choice}": expected "own" or "apollo".`,
      );
    },
  );
});
