import { expect, it } from '@jest/globals';
import { describeOnEachDatabase } from '../support/database.ts';
import { user } from '../support/subgraph.ts';
import { useProducts } from './products-subgraph.ts';

const addReview = /* GraphQL */ `
  mutation ($input: AddReviewInput!) {
    addReview(input: $input) {
      review {
        id
        rating
        comment
        user {
          id
        }
        product {
          id
        }
      }
      userErrors {
        code
        message
        path
      }
    }
  }
`;

const reviewsOfUser = /* GraphQL */ `
  query ($of: [_Any!]!, $first: Int, $after: String) {
    _entities(representations: $of) {
      ... on User {
        id
        reviews(first: $first, after: $after) {
          edges {
            cursor
          }
          nodes {
            id
            createdAt
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  }
`;

describeOnEachDatabase('products/reviewing', (open) => {
  const { ask, database } = useProducts(open);

  it("adds the viewer's own review", async () => {
    const input = { productId: '3', rating: 4, comment: '  Sharp.  ' };
    const { data, errors } = await ask('customer', addReview, { input });
    expect(errors).toBeUndefined();
    expect(data.addReview).toEqual({
      review: {
        id: expect.stringMatching(/^1\d{3}$/),
        rating: 4,
        comment: 'Sharp.',
        user: { id: '2' },
        product: { id: '3' },
      },
      userErrors: [],
    });
  });

  it('keeps a rating alone when the comment is blank', async () => {
    const input = { productId: '4', rating: 1, comment: ' \n ' };
    const { data } = await ask('customer', addReview, { input });
    expect(data.addReview.review.comment).toBeNull();
  });

  it('takes one review of a product from a user', async () => {
    const input = { productId: '1', rating: 1 };
    const { data, errors } = await ask('owner', addReview, { input });
    expect(errors).toBeUndefined();
    expect(data.addReview).toMatchObject({
      review: null,
      userErrors: [{ code: 'ALREADY_REVIEWED', path: ['input', 'productId'] }],
    });
  });

  it('takes one review of ten that a user sends at once', async () => {
    const input = { productId: '9', rating: 5 };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => ask(user('77'), addReview, { input })),
    );
    expect(answers.every(({ errors }) => errors === undefined)).toBe(true);
    const added = answers.filter(({ data }) => data.addReview.review !== null);
    expect(added).toHaveLength(1);
    const { data } = await ask('nobody', '{ product(id: "9") { reviewCount } }');
    expect(data.product.reviewCount).toBe(1);
  });

  it.each(['999999', 'abc', '0', '24'])('finds no product %j to review', async (productId) => {
    const { data, errors } = await ask('owner', addReview, { input: { productId, rating: 3 } });
    expect(errors).toBeUndefined();
    expect(data.addReview).toEqual({
      review: null,
      userErrors: [
        {
          code: 'PRODUCT_NOT_FOUND',
          message: `There is no product with the id "${productId}".`,
          path: ['input', 'productId'],
        },
      ],
    });
  });

  it('says all that is wrong with a review at once', async () => {
    const input = { productId: '1', rating: 6, comment: 'x'.repeat(2_001) };
    const { data } = await ask('customer', addReview, { input });
    expect(data.addReview).toEqual({
      review: null,
      userErrors: [
        {
          code: 'RATING_INVALID',
          message: 'A rating must be 1 to 5; got 6.',
          path: ['input', 'rating'],
        },
        {
          code: 'COMMENT_INVALID',
          message: 'A comment may have up to 2000 characters; got 2001.',
          path: ['input', 'comment'],
        },
      ],
    });
  });

  it.each([{ userId: '1' }, { createdAt: '2020-01-01' }, { id: '1' }, { role: 'admin' }])(
    'takes no %j from a review',
    async (forged) => {
      const input = { productId: '10', rating: 5, ...forged };
      const { status, data, errors } = await ask('customer', addReview, { input });
      expect(status).toBe(400);
      expect(data).toBeUndefined();
      expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
    },
  );

  it('shows the newest reviews of a product first, as many as are asked for', async () => {
    await write('13', [5, 4, 3, 2, 1], '2026-07-01T00:00:00.000Z');
    const { data } = await ask(
      'nobody',
      '{ product(id: "13") { reviewCount averageRating all: reviews { rating } two: reviews(first: 2) { rating } } }',
    );
    expect(data.product.reviewCount).toBe(5);
    expect(data.product.averageRating).toBe(3);
    expect(data.product.all.map(({ rating }: { rating: number }) => rating)).toEqual([
      1, 2, 3, 4, 5,
    ]);
    expect(data.product.two).toEqual([{ rating: 1 }, { rating: 2 }]);
  });

  it.each([0, -1, 101])('refuses %d reviews of a product', async (first) => {
    const query = 'query ($first: Int!) { product(id: "1") { reviews(first: $first) { id } } }';
    const { data, errors } = await ask('nobody', query, { first });
    expect(data).toEqual({ product: null });
    expect(errors).toMatchObject([
      {
        message: `"first" takes 1 to 100; got ${first}.`,
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });

  it('reads the reviews of a user in pages without a gap or a double, also at one time', async () => {
    const written = '2026-07-02T00:00:00.000Z';
    for (const productId of ['14', '15', '16', '17', '18']) {
      await write(productId, [4], written, '88');
    }
    for (const productId of ['19', '20']) {
      await write(productId, [4], '2026-07-03T00:00:00.000Z', '88');
    }
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { data } = await ask('nobody', reviewsOfUser, {
        of: [reference('88')],
        first: 2,
        after,
      });
      const { nodes, pageInfo } = data._entities[0].reviews;
      seen.push(...nodes.map(({ id }: { id: string }) => id));
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null && seen.length < 10);
    expect(seen).toHaveLength(7);
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => Number(b) - Number(a)));
  });

  it('pages the reviews of several users at once, each to its own', async () => {
    const of = [reference('1'), reference('2'), reference('404')];
    const { data } = await ask('nobody', reviewsOfUser, { of, first: 1 });
    const [john, jane, stranger] = data._entities;
    expect(john.reviews).toMatchObject({ nodes: [{ id: '5' }], pageInfo: { hasNextPage: true } });
    expect(jane.reviews.nodes).toHaveLength(1);
    expect(stranger.reviews).toEqual({
      edges: [],
      nodes: [],
      pageInfo: { hasNextPage: false, endCursor: null },
    });
  });

  it.each([{ first: 0 }, { first: 101 }, { after: 'x' }])(
    'refuses a page of reviews %j',
    async (page) => {
      const { data, errors } = await ask('nobody', reviewsOfUser, {
        of: [reference('1')],
        ...page,
      });
      expect(data._entities).toEqual([{ id: '1', reviews: null }]);
      expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
    },
  );

  /** Writes a review for each rating, a minute apart, each by another user unless one is named. */
  async function write(
    productId: string,
    ratings: readonly number[],
    from: string,
    userId?: string,
  ): Promise<void> {
    const rows = ratings.map((rating, index) => ({
      product_id: productId,
      user_id: userId ?? String(500 + index),
      rating,
      comment: null,
      created_at: new Date(Date.parse(from) + index * 60_000),
    }));
    await database().insertInto('reviews').values(rows).execute();
  }
});

function reference(id: string): object {
  return { __typename: 'User', id };
}
