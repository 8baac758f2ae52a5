import { describe, expect, it } from '@jest/globals';
import { ordersAccessRows, ordersEntityRows } from '../support/access-table/orders.ts';
import { casesOf, outcomeOf } from '../support/access-table/row.ts';
import { openTestHome } from '../support/database.ts';
import { useOrders } from './orders-subgraph.ts';

describe('orders/access', () => {
  const { ask } = useOrders(openTestHome);

  it.each(casesOf([...ordersAccessRows, ...ordersEntityRows]))(
    '$field: $viewer gets $outcome',
    async ({ viewer, operation, variables, outcome }) => {
      expect(outcomeOf(await ask(viewer, operation, variables))).toBe(outcome);
    },
  );

  it('hides totals without a trace: no order, no error, whatever is asked of it', async () => {
    const hidden = await ask('customer', '{ order(id: "123") { total { amount } } }');
    const missing = await ask('customer', '{ order(id: "999999") { total { amount } } }');
    expect(hidden).toEqual(missing);
  });
});
