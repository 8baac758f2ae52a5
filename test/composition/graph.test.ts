import { describe, expect, it } from '@jest/globals';
import { mapAsMermaid } from '../../composition/graph/map-as-mermaid.ts';
import { mapAsSvg } from '../../composition/graph/map-as-svg.ts';
import { type SupergraphMap, supergraphMap } from '../../composition/graph/supergraph-map.ts';
import { composedOf, composeSchemas, link } from './composed-folder.ts';
import { runSupergraph } from './run-supergraph.ts';

const schemas = {
  users: `${link} type Query { me: User } type User @key(fields: "id") @key(fields: "org { id } name") { id: ID! name: String! org: Org! mail: String @shareable }
    type Org { id: ID! } type Money @shareable { amount: Int }`,
  'order-s': `${link} type Query { orders: [Int] } type User @key(fields: "id") { id: ID! mail: String @shareable spent: Money }
    type Money @shareable { amount: Int } type Note @key(fields: "id", resolvable: false) { id: ID! }`,
  notes: `${link} type Query { note: Note } type Note @key(fields: "id") { id: ID! text: String }`,
};

async function mapOf(these: Readonly<Record<string, string>>): Promise<SupergraphMap> {
  return supergraphMap(composedOf(await composeSchemas(these)).supergraphSdl);
}

describe('npm run supergraph -- graph', () => {
  it('knows the entities with their keys, and what is shared', async () => {
    expect(await mapOf(schemas)).toEqual({
      subgraphs: ['notes', 'order-s', 'users'],
      entities: [
        {
          name: 'Note',
          subgraphs: [
            { subgraph: 'notes', keys: ['id'], fields: 2 },
            { subgraph: 'order-s', keys: [], fields: 1 },
          ],
          sharedFields: [],
        },
        {
          name: 'User',
          subgraphs: [
            { subgraph: 'order-s', keys: ['id'], fields: 3 },
            { subgraph: 'users', keys: ['id', 'org { id } name'], fields: 4 },
          ],
          sharedFields: ['mail'],
        },
      ],
      shared: [{ name: 'Money', subgraphs: ['order-s', 'users'], fields: ['amount'] }],
    });
  });

  it('draws them, the same whatever the order of the subgraphs', async () => {
    const text = mapAsMermaid(await mapOf(schemas));
    expect(text.split('\n')).toEqual([
      'flowchart LR',
      '  subgraph1["notes"]',
      '  subgraph2["order-s"]',
      '  subgraph3["users"]',
      '  entity1(["Note"])',
      '  subgraph1 ---|"@key id<br/>2 fields"| entity1',
      '  subgraph2 -.-|"1 field"| entity1',
      '  entity2(["User<br/>shared: mail"])',
      '  subgraph2 ---|"@key id<br/>3 fields"| entity2',
      '  subgraph3 ---|"@key id<br/>@key org #123; id #125; name<br/>4 fields"| entity2',
      '  type1{{"Money<br/>amount"}}',
      '  subgraph2 --- type1',
      '  subgraph3 --- type1',
    ]);
    const reversed = Object.fromEntries(Object.entries(schemas).reverse());
    expect(mapAsMermaid(await mapOf(reversed))).toBe(text);
  });

  it('draws a picture: a box for each subgraph and type, a line for each subgraph of a type', async () => {
    const picture = mapAsSvg(await mapOf(schemas));
    expect(textsOf(picture)).toEqual([
      ...['notes', 'order-s', 'users'],
      ...['Note', 'notes: @key id, 2 fields', 'order-s: no key, 1 field'],
      ...['Money', 'amount'],
      'User',
      'order-s: @key id, 3 fields',
      'users: @key id, @key org { id } name, 4 fields',
      'shared fields:',
      'mail',
    ]);
    expect(picture.match(/<path /g)).toHaveLength(6);
    expect(picture.match(/stroke-dasharray/g)).toHaveLength(1);
    // Nothing is loaded from elsewhere.
    expect(picture.replace('http://www.w3.org/2000/svg', '')).not.toMatch(
      /https?:|href|<script|url\(/,
    );
    const reversed = Object.fromEntries(Object.entries(schemas).reverse());
    expect(mapAsSvg(await mapOf(reversed))).toBe(picture);
  });

  it('escapes what a picture would take for its own, and shortens what is long', () => {
    const subgraph = '<script>&"\u001b';
    const entity = {
      name: 'A',
      subgraphs: [{ subgraph, keys: ['id'], fields: 1 }],
      sharedFields: ['x'.repeat(200)],
    };
    const picture = mapAsSvg({ subgraphs: [subgraph], entities: [entity], shared: [] });
    expect(picture).toContain('>&lt;script&gt;&amp;&quot;␛</text>');
    expect(picture).not.toContain('<script');
    expect(picture).toContain(`>${'x'.repeat(59)}…</text>`);
  });

  it('groups types over forty by their subgraphs: those of the fewest', () => {
    const subgraphs = ['a', 'b', 'c'];
    const entities = Array.from({ length: 500 }, (_, at) => ({
      name: `Type${at}`,
      subgraphs: subgraphs
        .slice(0, at < 30 ? 3 : 1 + (at % 2))
        .map((subgraph) => ({ subgraph, keys: ['id'], fields: 1 })),
      sharedFields: [],
    }));
    const picture = mapAsSvg({ subgraphs, entities, shared: [] });
    const texts = textsOf(picture);
    expect(texts.filter((text) => /^Type\d+$/.test(text))).toHaveLength(40 + 8 + 8);
    expect(texts.filter((text) => text.endsWith('more types'))).toEqual([
      '235 more types',
      '225 more types',
    ]);
    expect(texts).toEqual(expect.arrayContaining(['Type0', 'Type29', 'and 227 more']));
    expect(picture.length).toBeLessThan(100_000);
  });

  it('draws this project, or says the same in JSON', async () => {
    const { code, out } = await runSupergraph('graph');
    expect(code).toBe(0);
    expect(out).toMatch(/^flowchart LR\n[\s\S]*\(\["Product/);
    const { out: json } = await runSupergraph('graph', '--format', 'json');
    expect(JSON.parse(json)).toMatchObject({
      version: 1,
      subgraphs: expect.arrayContaining(['orders', 'products', 'users']),
    });
    const { out: picture } = await runSupergraph('graph', '--format', 'svg');
    expect(textsOf(picture)).toContain('products: @key id, @key sku, 15 fields');
    expect(await runSupergraph('graph', '--format', 'png')).toMatchObject({ code: 3 });
  });
});

/** The texts of a picture, as they are seen. */
function textsOf(picture: string): readonly string[] {
  return [...picture.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => text);
}
