import { describe, expect, it } from '@jest/globals';
import { buildSchema, type GraphQLSchema, Kind, parse } from 'graphql';
import { compileShape } from './compile-shape.ts';
import { compilePassThrough, type PassThrough } from './pass-through.ts';

const schema = buildSchema(`
  type Query { items: [Item!] item: Item any: Any big: Big }
  type Item { id: ID! name: String count: Int price: Float ok: Boolean! kind: Kind tags: [[String]!] inner: Item json: Json }
  interface Any { id: ID! }
  type Big implements Any { id: ID! }
  enum Kind { A B }
  scalar Json
`);

const query = '{items{id name count price ok kind tags inner{__typename id tags} json}}';
const item =
  '{"id":"1","name":"ü \\" \\u00fc","count":-3,"price":9.95,"ok":true,"kind":"A","tags":[["a",null],[]],"inner":{"__typename":"Item","id":"2","tags":null},"json":7}';

describe('execution/pass-through', () => {
  it.each([
    ['an item', `{"data":{"items":[${item}]}}`],
    ['many items', `{"data":{"items":[${[item, item, item].join()}]}}`],
    ['no items', '{"data":{"items":[]}}'],
    ['null', '{"data":{"items":null}}'],
  ])('passes %s through unchanged', (_name, text) => {
    expect(passThroughOf(query)?.accept(text)).toBe(text);
    expect(passThroughOf(query)?.accept(`${text}\n`)).toBe(text);
  });

  it.each([
    ['errors', `{"errors":[],"data":{"items":[]}}`],
    ['errors after data', `{"data":{"items":[]},"errors":[{"message":"x"}]}`],
    ['extensions', `{"data":{"items":[]},"extensions":{}}`],
    ['trailing text', `{"data":{"items":[]}}x`],
    ['an extra field', `{"data":{"items":[${item.replace('}', ',"more":1}')}]}}`],
    ['a field twice', `{"data":{"items":[${item.replace('"name"', '"id":"2","name"')}]}}`],
    ['a different order', '{"data":{"items":[{"name":"x","id":"1"}]}}'],
    ['white space', '{"data": {"items":[]}}'],
    ['null in a non-null position', `{"data":{"items":[null]}}`],
    ['null in an item', `{"data":{"items":[${item.replace('"ok":true', '"ok":null')}]}}`],
    ['a number as an id', `{"data":{"items":[${item.replace('"id":"1"', '"id":1')}]}}`],
    ['a fraction as an Int', `{"data":{"items":[${item.replace('-3', '1.5')}]}}`],
    ['a big Int', `{"data":{"items":[${item.replace('-3', '2147483648')}]}}`],
    ['an exponent', `{"data":{"items":[${item.replace('9.95', '1e999')}]}}`],
    ['a leading zero', `{"data":{"items":[${item.replace('9.95', '09')}]}}`],
    ['another enum value', `{"data":{"items":[${item.replace('"A"', '"C"')}]}}`],
    ['another type', `{"data":{"items":[${item.replace('"Item"', '"Big"')}]}}`],
    ['a control character', `{"data":{"items":[${item.replace('ü', '\n')}]}}`],
    ['a broken escape', `{"data":{"items":[${item.replace('\\u00fc', '\\u00f')}]}}`],
    [
      'a structure as a custom scalar',
      `{"data":{"items":[${item.replace('"json":7', '"json":{}')}]}}`,
    ],
    ['a cut-off text', `{"data":{"items":[${item.slice(0, 40)}`],
    ['a malformed list', '{"data":{"items":[,]}}'],
    ['an open list', `{"data":{"items":[${item},]}}`],
  ])('leaves %s to the normal path', (_name, text) => {
    expect(passThroughOf(query)?.accept(text)).toBeUndefined();
  });

  it('passes long lists and texts through', () => {
    const long = item.replace('ü', 'x'.repeat(100_000));
    const text = `{"data":{"items":[${[long, ...Array.from({ length: 20_000 }, () => item)].join()}]}}`;
    expect(passThroughOf(query)?.accept(text)).toBe(text);
  });

  it.each([
    ['selects more than the client', '{items{id}}', '{items{__typename id}}'],
    ['selects in a different order', '{items{id name}}', '{items{name id}}'],
    ['selects under a different key', '{items{id}}', '{items{i: id}}'],
    ['selects an abstract type', '{any{id}}', '{any{id}}'],
    ['selects more fields than a pattern should have', wide(501), wide(501)],
  ])('is not compiled for a plan that %s', (_name, client, operation) => {
    expect(passThroughOf(client, operation)).toBeUndefined();
  });
});

function wide(fields: number): string {
  return `{items{${Array.from({ length: fields }, (_, index) => `a${index}:id`).join(' ')}}}`;
}

function passThroughOf(client: string, operation = client): PassThrough | undefined {
  const node = {
    kind: 'fetch',
    subgraph: 'items',
    operationKind: 'query',
    operation,
    operationName: undefined,
    variables: [],
    entities: undefined,
    outputRewrites: [],
    contextArguments: [],
  } as const;
  return compilePassThrough({ node }, rootShape(client, schema));
}

function rootShape(client: string, on: GraphQLSchema): ReturnType<typeof compileShape>['root'] {
  const [operation] = parse(client).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('Expected an operation.');
  const none = new Map<string, never>();
  const storeKeys = { of: () => undefined };
  return compileShape(operation, { schema: on, fragments: none, conditions: none, storeKeys }).root;
}
