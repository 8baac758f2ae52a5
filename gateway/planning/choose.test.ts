import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { departments, fatalOperation } from '../../test/support/departments.ts';
import { compose } from '../../test/support/federation.ts';
import { choosePlanner, type PlannerChoice } from './choose.ts';
import type { Planner, PlanRequest } from './planner.ts';
import { readSupergraph } from './supergraph.ts';

const composed = compose(departments);
const costly = compose({ a: 'type Query { a: Int @cost(weight: -1) }' });

/** Not normalized, as no operation of a client comes here: with a key of two meanings. */
const risky: PlanRequest = {
  document: parse(`query Risky ${fatalOperation}`),
  text: fatalOperation,
  operationName: 'Risky',
  activeLabels: new Set(),
};

function choose(sdl: string, choice: PlannerChoice): { planner: Planner; lines: string[] } {
  const lines: string[] = [];
  const warn = (message: string): void => void lines.push(message);
  return { planner: choosePlanner(readSupergraph(sdl), choice, { warn }), lines };
}

describe('planning/choose', () => {
  it('hands nothing to the native planner unless it is asked for', () => {
    for (const choice of ['auto', 'apollo'] as const) {
      const { planner, lines } = choose(composed, choice);
      expect(planner.name).toBe('apollo');
      expect(lines).toEqual([]);
    }
  });

  it('says that a request can end the process when the native planner is asked for', () => {
    const { planner, lines } = choose(composed, 'native');

    expect(planner.name).toBe('native');
    expect(lines).toEqual([expect.stringMatching(/a single request can end this process/)]);
  });

  it('says that another planner plans what is known to end the native one', () => {
    const { planner } = choose(composed, 'native');

    expect(() => planner.plan(risky)).toThrow(/could end the process: .*The planner "auto" plans/);
  });

  it('refuses a supergraph whose loading would end the process with the native planner', () => {
    expect(() => choose(costly, 'native')).toThrow(
      /The native planner cannot load the supergraph: the weight of a .*Use the planner "auto"/,
    );
  });
});
