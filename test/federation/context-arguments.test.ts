import { describe, expect, it } from '@jest/globals';
import { Federation } from '../support/federation.ts';

type Entity = Readonly<Record<string, unknown>>;

const accounts = new Federation({
  a: {
    schema: `
      type Query { account: Account accounts: [Account!]! }
      type Account @key(fields: "id") @context(name: "account") {
        id: ID! currency: String locale: Locale payments: [Payment!]! main: Payment
      }
      type Locale @shareable { code: String }
      type Payment @key(fields: "id") {
        id: ID!
        amount(
          in: String @fromContext(field: "$account { currency }")
          locale: String @fromContext(field: "$account { locale { code } }")
          digits: Int
        ): String
      }
    `,
    resolvers: {
      Query: {
        account: () => account('1', 'EUR'),
        accounts: () => [account('1', 'EUR'), account('2', 'USD'), account('3', 'EUR')],
      },
      Payment: {
        __resolveReference: ({ id }: Entity) => ({ id }),
        amount: ({ id }: Entity, { in: currency, locale, digits }: Entity) =>
          `${String(id)} ${String(currency)} ${String(locale)} ${String(digits)}`,
      },
    },
  },
  b: {
    schema: 'type Query { b: Int } type Payment @key(fields: "id") { id: ID! note: String }',
    resolvers: { Payment: { note: ({ id }: Entity) => `note ${String(id)}` } },
  },
});

/** Accounts that share payments; the fields of a payment come from the other subgraph. */
const shared = new Federation({
  a: {
    schema: `
      type Query { accounts: [Account!]! euros: Account dollars: Account }
      type Account @context(name: "account") { currency: String! payments: [Payment!]! main: Payment }
      type Payment @key(fields: "id") { id: ID! }
      type Line @key(fields: "id") { id: ID! text(in: String @fromContext(field: "$account { currency }")): String }
    `,
    resolvers: {
      Query: {
        accounts: () => [sharing('EUR'), sharing('USD'), sharing('EUR')],
        euros: () => sharing('EUR'),
        dollars: () => sharing('USD'),
      },
      Line: {
        __resolveReference: ({ id }: Entity) => ({ id }),
        text: ({ id }: Entity, { in: currency }: Entity) => `${String(id)} ${String(currency)}`,
      },
    },
  },
  b: {
    schema: `
      type Payment @key(fields: "id") { id: ID! first: Line details: Details }
      type Details { lines: [Line] grid: [[Line!]] }
      type Line @key(fields: "id") { id: ID! next: Line }
    `,
    resolvers: {
      Payment: { first: () => ({ id: 'l1' }), details: () => details },
      Line: { next: ({ id }: Entity) => ({ id: `${String(id)}+` }) },
    },
  },
});

const details = { lines: [{ id: 'l1' }, null, { id: 'l2' }], grid: [[{ id: 'l3' }], []] };

function sharing(currency: string): Entity {
  return { currency, payments: [{ id: 'p1' }, { id: 'p2' }], main: { id: 'p1' } };
}

function account(id: string, currency: string): Entity {
  return {
    id,
    currency,
    locale: id === '3' ? null : { code: 'de' },
    payments: [{ id: `${id}a` }, { id: `${id}b` }],
    main: { id: `${id}m` },
  };
}

describe('federation/@fromContext', () => {
  it('gets arguments from the enclosing object', async () => {
    expect(await accounts.ask('{ account { main { amount(digits: 2) note } } }')).toEqual({
      data: { account: { main: { amount: '1m EUR de 2', note: 'note 1m' } } },
    });
  });

  it('gets them for each item of nested lists, with one request for equal values', async () => {
    accounts.calls.length = 0;
    const query = 'query ($d: Int) { accounts { payments { id amount(digits: $d) } } }';
    expect(await accounts.ask(query, { variables: { d: 1 } })).toEqual({
      data: {
        accounts: ['1 EUR de', '2 USD de', '3 EUR null'].map((text) => {
          const [id, ...rest] = text.split(' ');
          return {
            payments: ['a', 'b'].map((letter) => ({
              id: `${String(id)}${letter}`,
              amount: `${String(id)}${letter} ${rest.join(' ')} 1`,
            })),
          };
        }),
      },
    });
    expect(accounts.calls).toHaveLength(1 + 3);
  });

  it("gets them whatever the names of the client's variables", async () => {
    const query =
      'query ($representations: Int, $contextualArgument_1: Int) { account { main { amount(digits: $representations) } id @skip(if: true) main { other: amount(digits: $contextualArgument_1) } } }';
    const variables = { representations: 2, contextualArgument_1: 3 };
    expect(await accounts.ask(query, { variables })).toEqual({
      data: { account: { main: { amount: '1m EUR de 2', other: '1m EUR de 3' } } },
    });
  });

  it('uses the value of each place for an entity in several places', async () => {
    shared.calls.length = 0;
    const query = '{ accounts { payments { first { text next { text } } } } }';
    expect(await shared.ask(query)).toEqual({
      data: {
        accounts: ['EUR', 'USD', 'EUR'].map((currency) => {
          const first = { text: `l1 ${currency}`, next: { text: `l1+ ${currency}` } };
          return { payments: [{ first }, { first }] };
        }),
      },
    });
    const representations = shared.calls.map(({ variables }) => variables.representations ?? []);
    // Each payment is requested once, not once per account.
    expect(representations[1]).toHaveLength(2);
  });

  it('does so in nested objects and lists', async () => {
    const query = '{ accounts { payments { details { lines { id text } grid { text } } } } }';
    expect(await shared.ask(query)).toEqual({
      data: {
        accounts: ['EUR', 'USD', 'EUR'].map((currency) => ({
          payments: ['p1', 'p2'].map(() => ({ details: detailsIn(currency) })),
        })),
      },
    });
  });

  it('does so when the places have different paths', async () => {
    const fields = '{ main { details { lines { id text } grid { text } } } }';
    expect(await shared.ask(`{ euros ${fields} dollars ${fields} }`)).toEqual({
      data: {
        euros: { main: { details: detailsIn('EUR') } },
        dollars: { main: { details: detailsIn('USD') } },
      },
    });
  });
});

function detailsIn(currency: string): Entity {
  const text = (id: string): string => `${id} ${currency}`;
  return {
    lines: [{ id: 'l1', text: text('l1') }, null, { id: 'l2', text: text('l2') }],
    grid: [[{ text: text('l3') }], []],
  };
}
