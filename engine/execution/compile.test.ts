import { describe, expect, it } from '@jest/globals';
import { buildSchema, type FragmentDefinitionNode, Kind, parse } from 'graphql';
import { requestContext } from '../../test/support/subgraph-calls.ts';
import type { SubgraphFetch } from '../fetching/types.ts';
import { compileShape } from './compile-shape.ts';
import { compilePlan } from './compile.ts';
import { execute } from './execute.ts';
import type {
  EntityInput,
  FetchNode,
  PathSegment,
  PlanNode,
  RequiredSelection,
  Rewrite,
} from './plan.ts';
import { passReportedErrors } from './problem-mapper.ts';
import { createTypeIndex } from './type-index.ts';

const sdl = `
  type Query { pets: [Pet] cat: Cat dog: Dog }
  interface Pet { id: ID name: String }
  type Cat implements Pet { id: ID name: String lives: Int }
  type Dog implements Pet { id: ID name: String owner: String }
`;

const pets = fetch('a', '{pets{__typename id}}');
const names = fetch(
  'b',
  'query($representations:[_Any!]!){_entities(representations:$representations){...on Pet{name}}}',
  { requires: [onType('Cat', 'id'), onType('Dog', 'id')], rewrites: [] },
);

describe('execution/compile', () => {
  it('runs sequence nodes one after the other and parallel nodes at once', async () => {
    const { calls, answer } = await run(
      '{ cat { id } dog { id } }',
      sequence(
        fetch('a', '{cat{id}}'),
        { kind: 'parallel', nodes: [fetch('b', '{dog{id}}'), fetch('c', '{dog{name}}')] },
        fetch('d', '{cat{lives}}'),
      ),
      { a: { cat: { id: '1' } }, b: { dog: { id: '2' } }, c: { dog: { name: 'x' } }, d: {} },
    );
    expect(calls.map(({ subgraph, inFlight }) => [subgraph, inFlight])).toEqual([
      ['a', 0],
      ['b', 0],
      ['c', 1],
      ['d', 0],
    ]);
    expect(answer).toEqual({ data: { cat: { id: '1' }, dog: { id: '2' } } });
  });

  it('fetches only for the objects that match a path with a type condition', async () => {
    const path: PathSegment[] = [key('pets'), { kind: 'list' }, { kind: 'types', names: ['Dog'] }];
    const { calls, answer } = await run(
      '{ pets { name } }',
      sequence(pets, { kind: 'flatten', path, node: names }),
      { a: bothPets, b: { _entities: [{ name: 'Rex' }] } },
    );
    expect(calls[1]?.variables).toEqual({ representations: [{ __typename: 'Dog', id: '2' }] });
    expect(answer.data).toEqual({ pets: [{ name: null }, { name: 'Rex' }] });
  });

  it.each([
    [true, ['a', 'b']],
    [false, ['a', 'c']],
  ])('runs the branch of a condition whose variable is %s', async (value, expected) => {
    const condition: PlanNode = {
      kind: 'condition',
      variable: 'v',
      whenTrue: fetch('b', '{dog{id}}'),
      whenFalse: fetch('c', '{dog{id}}'),
    };
    const { calls } = await run(
      '{ cat { id } }',
      sequence(fetch('a', '{cat{id}}'), condition),
      { a: { cat: { id: '1' } }, b: {}, c: {} },
      new Map([['v', value]]),
    );
    expect(calls.map(({ subgraph }) => subgraph)).toEqual(expected);
  });

  it('fetches several groups of entities in one request, each under its own alias', async () => {
    const requires = [onType('Cat', 'id'), onType('Dog', 'id')];
    const group = (alias: string, path: readonly PathSegment[]) => ({
      alias,
      representationsVariable: `of${alias}`,
      paths: [path],
      entities: { requires, rewrites: [] },
      outputRewrites: [],
    });
    const { calls, answer } = await run(
      '{ cat { lives } dog { owner } }',
      sequence(fetch('a', '{cat{__typename id}dog{__typename id}}'), {
        ...operation('b', '{_e0:_entities{...on Cat{lives}}_e1:_entities{...on Dog{owner}}}'),
        kind: 'batch-fetch',
        groups: [group('_e0', [key('cat')]), group('_e1', [key('dog')])],
      }),
      {
        a: { cat: { __typename: 'Cat', id: '1' }, dog: { __typename: 'Dog', id: '2' } },
        b: { _e0: [{ lives: 9 }], _e1: [{ owner: 'Ann' }] },
      },
    );
    expect(calls[1]?.variables).toEqual({
      of_e0: [{ __typename: 'Cat', id: '1' }],
      of_e1: [{ __typename: 'Dog', id: '2' }],
    });
    expect(answer).toEqual({ data: { cat: { lives: 9 }, dog: { owner: 'Ann' } } });
  });

  it('reports a field only once when it failed in one fetch and is missing in another', async () => {
    const { answer } = await run(
      '{ dog { id owner } }',
      sequence(fetch('a', '{dog{owner}}'), fetch('b', '{dog{id}}')),
      {
        a: { data: { dog: null }, errors: [{ message: 'Lost.', path: ['dog', 'owner'] }] },
        b: { dog: { id: '2' } },
      },
    );
    expect(answer).toMatchObject({
      data: { dog: { id: '2', owner: null } },
      errors: [{ message: 'Lost.', path: ['dog', 'owner'] }],
    });
  });

  it('applies input rewrites by type', async () => {
    const rewrites: Rewrite[] = [
      { kind: 'rename', path: [types('Dog'), key('id')], to: 'tag' },
      { kind: 'set', path: [types('Dog'), key('__typename')], value: 'Pet' },
    ];
    const path: PathSegment[] = [key('pets'), { kind: 'list' }];
    const node = { ...names, entities: { requires: names.entities?.requires ?? [], rewrites } };
    const { calls } = await run(
      '{ pets { name } }',
      sequence(pets, { kind: 'flatten', path, node }),
      {
        a: bothPets,
        b: { _entities: [{ name: 'Tom' }, { name: 'Rex' }] },
      },
    );
    expect(calls[1]?.variables).toEqual({
      representations: [
        { __typename: 'Cat', id: '1' },
        { __typename: 'Pet', tag: '2' },
      ],
    });
  });

  it('applies output rewrites by type, and renames the keys below', async () => {
    const outputRewrites: Rewrite[] = [
      { kind: 'rename', path: [key('pets'), types('Dog'), key('name_1')], to: 'name' },
    ];
    const { answer } = await run(
      '{ pets { name } }',
      { ...fetch('a', '{pets{__typename name name_1}}'), outputRewrites },
      {
        a: {
          pets: [
            { __typename: 'Cat', name: 'Tom', name_1: 'no' },
            { __typename: 'Dog', name_1: 'Rex' },
          ],
        },
      },
    );
    expect(answer).toEqual({ data: { pets: [{ name: 'Tom' }, { name: 'Rex' }] } });
  });
});

const bothPets = {
  pets: [
    { __typename: 'Cat', id: '1' },
    { __typename: 'Dog', id: '2' },
  ],
};

interface Call {
  readonly subgraph: string;
  readonly variables: unknown;
  /** How many calls were in flight when this one began. */
  readonly inFlight: number;
}

async function run(
  query: string,
  node: PlanNode,
  answers: Readonly<Record<string, object>>,
  conditions: ReadonlyMap<string, boolean> = new Map(),
): Promise<{ readonly calls: readonly Call[]; readonly answer: { readonly data?: unknown } }> {
  const [client] = parse(query).definitions;
  if (client?.kind !== Kind.OPERATION_DEFINITION) throw new Error('Expected an operation.');
  const types = createTypeIndex(parse(sdl));
  const shape = compileShape(client, {
    schema: buildSchema(sdl),
    fragments: new Map<string, FragmentDefinitionNode>(),
    conditions,
    storeKeys: { of: () => undefined },
  });
  const calls: Call[] = [];
  let inFlight = 0;
  const fetchAnswer: SubgraphFetch = async ({ subgraph, body }) => {
    const { variables } = JSON.parse(body) as { variables?: unknown };
    calls.push({ subgraph, variables, inFlight });
    inFlight += 1;
    await new Promise((resolve) => setImmediate(resolve));
    inFlight -= 1;
    const response = answers[subgraph] ?? {};
    const whole = 'errors' in response ? response : { data: response };
    return { body: JSON.stringify(whole), cacheControl: undefined };
  };
  const { data, errors } = await execute(
    {
      step: compilePlan({ node }, types),
      shape: shape.root,
      introspect: undefined,
      passThrough: undefined,
      clientKeys: new Map(),
    },
    {
      variables: {},
      conditions,
      context: requestContext(),
      fetch: fetchAnswer,
      mapProblem: passReportedErrors,
      types,
    },
  );
  return {
    calls,
    answer: JSON.parse(JSON.stringify({ data, errors })) as { data?: unknown },
  };
}

function sequence(...nodes: PlanNode[]): PlanNode {
  return { kind: 'sequence', nodes };
}

function operation(
  subgraph: string,
  text: string,
): Omit<FetchNode, 'kind' | 'entities' | 'outputRewrites' | 'contextArguments'> {
  return {
    subgraph,
    operationKind: 'query',
    operation: text,
    operationName: undefined,
    variables: [],
  };
}

function fetch(subgraph: string, text: string, entities?: EntityInput): FetchNode {
  return {
    ...operation(subgraph, text),
    kind: 'fetch',
    entities,
    outputRewrites: [],
    contextArguments: [],
  };
}

function onType(typeCondition: string, ...fields: string[]): RequiredSelection {
  return {
    kind: 'fragment',
    typeCondition,
    selections: ['__typename', ...fields].map((name) => ({
      kind: 'field',
      from: name,
      to: name,
      selections: undefined,
    })),
  };
}

function key(name: string): { readonly kind: 'key'; readonly name: string } {
  return { kind: 'key', name };
}

function types(...names: string[]): { readonly kind: 'types'; readonly names: readonly string[] } {
  return { kind: 'types', names };
}
