import { describe, expect, it } from '@jest/globals';
import { contextPathsBelow, contextPathsOf, copyAlong } from './context-paths.ts';
import type { FetchNode, PlanNode, PlanPath } from './plan.ts';

const fetch: FetchNode = {
  kind: 'fetch',
  subgraph: 'a',
  operationKind: 'query',
  operation: '{ a }',
  operationName: undefined,
  variables: [],
  entities: undefined,
  outputRewrites: [],
  contextArguments: [],
};

const inContext: FetchNode = {
  ...fetch,
  contextArguments: [{ variable: 'v', levelsUp: 1, path: [] }],
};

function pathTo(...names: readonly string[]): PlanPath {
  return names.flatMap((name) => [{ kind: 'key', name } as const, { kind: 'list' } as const]);
}

function at(path: PlanPath, node: PlanNode): PlanNode {
  return { kind: 'flatten', path, node };
}

describe('execution/context-paths', () => {
  it('are the paths of the fetches with context arguments, inside any kind of node', () => {
    const node: PlanNode = {
      kind: 'sequence',
      nodes: [
        fetch,
        at(pathTo('a'), {
          kind: 'parallel',
          nodes: [fetch, at(pathTo('b'), inContext)],
        }),
        { kind: 'condition', variable: 'v', whenTrue: undefined, whenFalse: inContext },
      ],
    };
    expect(contextPathsOf(node)).toEqual([['a', 'b'], []]);
  });

  it('need no copies when there are no context paths below', () => {
    expect(contextPathsBelow([pathTo('a')], contextPathsOf(at(pathTo('a'), fetch)))).toBe(
      undefined,
    );
    for (const path of [pathTo('a'), pathTo('b', 'c'), []]) {
      expect(contextPathsBelow([pathTo('a')], contextPathsOf(at(path, inContext)))).toBe(undefined);
    }
  });

  it('need copies only of the objects along the path', () => {
    const way = contextPathsBelow([pathTo('a')], contextPathsOf(at(pathTo('a', 'b'), inContext)));
    const entity = { b: [{ c: { d: 1 } }, null], e: { f: 1 } };
    const copy = copyAlong(entity, way ?? new Map());
    expect(copy).toEqual(entity);
    expect(copy.b[0]).not.toBe(entity.b[0]);
    expect(copy.b[0]?.c).toBe(entity.b[0]?.c);
    expect(copy.e).toBe(entity.e);
  });
});
