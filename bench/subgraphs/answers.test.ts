import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { list, main, passthrough } from '../operations/storefront.ts';
import type { Operation } from '../operations/operation.ts';
import { createAnswer } from './answers.ts';
import { type SubgraphName, subgraphSchemas } from './schemas.ts';

describe('subgraphs/answers', () => {
  for (const operation of [main, list, passthrough]) {
    it(`answers every call of the floor for ${operation.name} without errors`, async () => {
      for (const { subgraph, query, variables } of callsOf(operation)) {
        const answer = await ask(subgraph as SubgraphName, { query, variables });
        assert.equal(answer.errors, undefined);
        assert.ok(answer.data);
      }
    });
  }

  it('finds a product by either of its keys', async () => {
    const { data } = await ask('products', {
      query:
        'query($r: [_Any!]!) { _entities(representations: $r) { ... on Product { id name } } }',
      variables: {
        r: [
          { __typename: 'Product', id: '2' },
          { __typename: 'Product', sku: 'LAP-001' },
        ],
      },
    });
    assert.deepEqual(JSON.parse(JSON.stringify(data)), {
      _entities: [
        { id: '2', name: 'Mouse' },
        { id: '1', name: 'Laptop' },
      ],
    });
  });

  it('repeats the same bytes for the same request', async () => {
    const answer = createAnswer(subgraphSchemas.products());
    const body = JSON.stringify({ query: passthrough.query });
    const first = await answer(body);
    assert.equal(await answer(body), first);
  });
});

function callsOf({ upstream }: Operation): Operation['upstream'][number] {
  return upstream.flat();
}

async function ask(
  subgraph: SubgraphName,
  request: object,
): Promise<{ readonly data?: unknown; readonly errors?: unknown }> {
  const answer = createAnswer(subgraphSchemas[subgraph]());
  return JSON.parse((await answer(JSON.stringify(request))).toString()) as { data?: unknown };
}
