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
  const log = (message: string): void => void lines.push(message);
  return { planner: choosePlanner(readSupergraph(sdl), choice, { log }), lines };
}

describe('planning/choose', () => {
  it('says which operation the native planner did not plan, and why', () => {
    const { planner, lines } = choose(composed, 'auto');

    expect(planner.name).toBe('native');
    expect(planner.plan(risky).node).toBeDefined();
    expect(lines).toEqual([
      expect.stringMatching(/^"Risky" is planned by Apollo's planner: .*"thumbnail" stands for/),
    ]);
  });

  it('says nothing of an operation that the native planner plans', () => {
    const { planner, lines } = choose(composed, 'auto');
    const text = '{ department { photo { taken } } }';
    planner.plan({ ...risky, document: parse(text), text, operationName: undefined });

    expect(lines).toEqual([]);
  });

  it('says that another planner plans it when only the native one was asked for', () => {
    const { planner } = choose(composed, 'native');

    expect(() => planner.plan(risky)).toThrow(/could end the process: .*The planner "auto" plans/);
  });

  it("takes Apollo's planner for a supergraph whose loading would end the native one's process", () => {
    const { planner, lines } = choose(costly, 'auto');

    expect(planner.name).toBe('apollo');
    expect(lines).toEqual([expect.stringMatching(/plans on this supergraph: the weight of a/)]);
  });

  it('refuses such a supergraph when only the native planner was asked for', () => {
    expect(() => choose(costly, 'native')).toThrow(
      /The native planner cannot load the supergraph: the weight of a .*Use the planner "auto"/,
    );
  });
});
