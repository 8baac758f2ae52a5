import { describe, expect, it } from '@jest/globals';
import { anonymous } from '../../common/viewer.ts';
import { productsAccessRows, productsEntityRows } from '../support/access-table/products.ts';
import { casesOf, outcomeOf, viewerNames } from '../support/access-table/row.ts';
import { openTestHome } from '../support/database.ts';
import { useProducts } from './products-subgraph.ts';

describe('products/access', () => {
  const { ask } = useProducts(openTestHome);

  it.each(casesOf([...productsAccessRows, ...productsEntityRows]))(
    '$field: $viewer gets $outcome',
    async ({ viewer, operation, variables, outcome }) => {
      expect(outcomeOf(await ask(viewer, operation, variables))).toBe(outcome);
    },
  );

  it('changes nothing for those who may not', async () => {
    const before = await ask('admin', '{ products { id name stock archivedAt reviewCount } }');
    for (const { field, operation, variables, expected } of productsAccessRows) {
      if (!field.startsWith('Mutation.')) continue;
      for (const viewer of viewerNames) {
        if (expected[viewer] !== 'answer') await ask(viewer, operation, variables);
      }
    }
    const after = await ask('admin', '{ products { id name stock archivedAt reviewCount } }');
    expect(after).toEqual(before);
  });

  it('tells a viewer who is not logged in which field to log in for', async () => {
    const { errors } = await ask(
      anonymous,
      'mutation { archiveProduct(input: { id: "1" }) { product { id } } }',
    );
    expect(errors).toMatchObject([
      { message: 'Log in to use "Mutation.archiveProduct".', path: ['archiveProduct'] },
    ]);
  });
});
