import { describe, expect, it } from '@jest/globals';
import { casesOf, outcomeOf, viewers } from '../support/access-table/row.ts';
import { usersAccessRows, usersEntityRows } from '../support/access-table/users.ts';
import { openTestHome } from '../support/database.ts';
import { useUsers } from './users-subgraph.ts';

describe('users/access', () => {
  const { ask } = useUsers(openTestHome);

  it.each(casesOf([...usersAccessRows, ...usersEntityRows]))(
    '$field: $viewer gets $outcome',
    async ({ viewer, operation, variables, outcome }) => {
      expect(outcomeOf(await ask(viewers[viewer], operation, variables))).toBe(outcome);
    },
  );

  it('answers an account of somebody else exactly as one that does not exist', async () => {
    const hidden = await ask(viewers.customer, '{ user(id: "1") { id name email } }');
    const missing = await ask(viewers.customer, '{ user(id: "999999") { id name email } }');
    expect(hidden).toEqual({ status: 200, data: { user: null }, errors: undefined });
    expect(missing).toEqual(hidden);
  });

  it('shows the account of a new session what is its own', async () => {
    const { data } = await ask(
      viewers.nobody,
      `mutation {
        login(input: { email: "john@example.com", password: "pass456" }) {
          session { user { id name email role createdAt } }
        }
      }`,
    );
    expect(data.login.session.user).toEqual({
      id: '1',
      name: 'John Doe',
      email: 'john@example.com',
      role: 'CUSTOMER',
      createdAt: '2026-01-05T09:00:00.000Z',
    });
  });
});
