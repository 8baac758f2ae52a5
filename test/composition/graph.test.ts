import { describe, expect, it } from '@jest/globals';
import { mapAsMermaid } from '../../composition/graph/map-as-mermaid.ts';
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

  it('draws this project, or says the same in JSON', async () => {
    const { code, out } = await runSupergraph('graph');
    expect(code).toBe(0);
    expect(out).toMatch(/^flowchart LR\n[\s\S]*\(\["Product/);
    const { out: json } = await runSupergraph('graph', '--format', 'json');
    expect(JSON.parse(json)).toMatchObject({
      version: 1,
      subgraphs: expect.arrayContaining(['orders', 'products', 'users']),
    });
    expect(await runSupergraph('graph', '--format', 'png')).toMatchObject({ code: 3 });
  });
});
