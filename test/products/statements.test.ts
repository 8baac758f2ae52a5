import { expect, it } from '@jest/globals';
import { describeOnEachDatabase } from '../support/database.ts';
import { useProducts } from './products-subgraph.ts';

const entities = /* GraphQL */ `
  query ($of: [_Any!]!) {
    _entities(representations: $of) {
      ... on Product {
        id
        name
        reviewCount
        averageRating
        reviews(first: 3) {
          id
          product {
            sku
          }
        }
      }
      ... on User {
        written: reviews(first: 5) {
          nodes {
            product {
              name
            }
          }
        }
      }
      ... on Review {
        rating
      }
    }
  }
`;

describeOnEachDatabase('products/statements', (open) => {
  const { ask, trace, database } = useProducts(open);

  it('answers 100 references with their reviews by three statements', async () => {
    const of = await addReviewedProducts(100);
    const { answer, statements } = await trace('nobody', entities, { of });
    expect(answer.errors).toBeUndefined();
    expect(answer.data._entities).toHaveLength(100);
    for (const [index, product] of answer.data._entities.entries()) {
      expect(product).toMatchObject({ ...of[index]?.expected, reviewCount: 4, averageRating: 2.5 });
      expect(product.reviews).toHaveLength(3);
    }
    expect(statements.map(tableOf).sort()).toEqual(['products', 'reviews', 'reviews']);
  });

  it('answers references by id and by stock keeping unit by two statements', async () => {
    const { answer, statements } = await trace(
      'nobody',
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Product { name } } }',
      {
        of: [
          { __typename: 'Product', id: '1' },
          { __typename: 'Product', sku: 'MOU-001' },
          { __typename: 'Product', id: '3' },
          { __typename: 'Product', sku: 'LAP-001' },
        ],
      },
    );
    expect(answer.data._entities.map(({ name }: { name: string }) => name)).toEqual([
      'Laptop',
      'Mouse',
      'Monitor 27"',
      'Laptop',
    ]);
    expect(statements).toHaveLength(2);
  });

  it('answers the reviews of 50 users, and what they are about, by two statements', async () => {
    const of = Array.from({ length: 50 }, (_, index) => ({
      __typename: 'User',
      id: `${index + 1}`,
    }));
    const { answer, statements } = await trace('nobody', entities, { of });
    expect(answer.errors).toBeUndefined();
    expect(answer.data._entities[0].written.nodes[0]).toEqual({ product: { name: 'Headphones' } });
    expect(statements.map(tableOf).sort()).toEqual(['products', 'reviews']);
  });

  it('answers references to reviews by one statement', async () => {
    const of = ['1', '2', '404', '3'].map((id) => ({ __typename: 'Review', id }));
    const { answer, statements } = await trace('nobody', entities, { of });
    expect(answer.data._entities).toEqual([{ rating: 5 }, { rating: 4 }, null, { rating: 5 }]);
    expect(statements).toHaveLength(1);
  });

  it('asks nothing of the database for references that cannot exist', async () => {
    const impossible = [
      'abc',
      '',
      '0',
      '01',
      '1e3',
      '\0',
      `${2n ** 63n}`,
      1,
      null,
      ['1'],
      { id: '1' },
    ];
    const of = [
      ...['Product', 'Review', 'User'].flatMap((type) =>
        impossible.map((id) => ({ __typename: type, id })),
      ),
      ...['', 'lap-001', 7, null, ['LAP-001']].map((sku) => ({ __typename: 'Product', sku })),
      { __typename: 'Product' },
    ];
    const { answer, statements } = await trace('admin', entities, { of });
    expect(answer).toEqual({
      status: 200,
      data: { _entities: of.map(() => null) },
      errors: undefined,
    });
    expect(statements).toEqual([]);
  });

  it('takes nothing but the key from a reference', async () => {
    const { data } = await ask(
      'nobody',
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Product { price weightGrams } } }',
      { of: [{ __typename: 'Product', id: '1', price: 0.01, priceMinor: 1, weightGrams: -1_000 }] },
    );
    expect(data._entities).toEqual([{ price: 999.99, weightGrams: 2_400 }]);
  });

  it('reads a page of the catalogue with its reviews by three statements', async () => {
    const { answer, statements } = await trace(
      'nobody',
      '{ catalog(first: 20) { nodes { reviewCount averageRating reviews { rating } } } }',
    );
    expect(answer.errors).toBeUndefined();
    expect(statements).toHaveLength(3);
  });

  async function addReviewedProducts(count: number) {
    const products = await database()
      .insertInto('products')
      .values(
        Array.from({ length: count }, (_, index) => ({
          sku: `BULK-${index}`,
          name: `Bulk ${index}`,
          description: null,
          price_minor: '100',
          stock: 1,
          weight_grams: 1,
          archived_at: null,
        })),
      )
      .returning(['id', 'name'])
      .execute();
    const reviews = products.flatMap(({ id }) =>
      [1, 2, 3, 4].map((rating) => ({
        product_id: id,
        user_id: String(1_000 + rating),
        rating,
        comment: null,
      })),
    );
    await database().insertInto('reviews').values(reviews).execute();
    return products.map(({ id, name }) => ({ __typename: 'Product', id, expected: { id, name } }));
  }
});

function tableOf(sql: string): string {
  return /from (?:"products"\."(\w+)"|unnest)/.exec(sql)?.[1] ?? 'reviews';
}
