import { describe, expect, it } from '@jest/globals';
import { graphql, parse } from 'graphql';
import { anonymous, type Viewer } from '../../common/viewer.ts';
import { type AccessTable, admins, everyone, members, ownedBy, ownerAndAdmins } from './access.ts';
import { buildExecutableSchema } from './define-subgraph.ts';

interface Note {
  readonly id: string;
  readonly ownerId: string;
  readonly text: string;
}

const john: Viewer = { kind: 'user', id: '1', role: 'customer', scopes: [], sessionId: 's' };
const jane: Viewer = { ...john, id: '2' };
const admin: Viewer = { ...john, id: '3', role: 'admin' };

const notes: readonly Note[] = [
  { id: 'a', ownerId: '1', text: 'of john' },
  { id: 'b', ownerId: '2', text: 'of jane' },
];

const schema = parse(/* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query {
    note(id: ID!): Note
    notes: [Note!]
    later: [Note]
    news: String
    audit: String
  }
  type Mutation {
    write: String
  }
  type Note @key(fields: "id") {
    id: ID!
    text: String
    related: Note
  }
`);

const find = (id: string): Note | undefined => notes.find((note) => note.id === id);
const calls: string[] = [];
const resolvers = {
  Query: {
    note: (_: unknown, { id }: { id: string }) => find(id),
    notes: () => notes,
    later: () => notes.map((note) => Promise.resolve(note)),
    news: () => 'news',
    audit: () => {
      calls.push('audit');
      return 'audit';
    },
  },
  Mutation: {
    write: () => {
      calls.push('write');
      return 'written';
    },
  },
  Note: {
    __resolveReference: ({ id }: { id: string }) => Promise.resolve(find(id)),
    related: ({ id }: Note) => find(id === 'a' ? 'b' : 'a'),
  },
};

const openTable: AccessTable = {
  fields: { Query: everyone, 'Query.audit': admins, Mutation: members, Note: everyone },
};
const ownerId = ({ ownerId: id }: Note): string => id;

describe('kit/access', () => {
  it.each([
    ['nobody', anonymous, 'UNAUTHENTICATED', 'Log in to use "Query.audit".'],
    ['a customer', john, 'FORBIDDEN', 'You may not use "Query.audit".'],
  ])(
    "refuses an admins' field to %s without asking its resolver",
    async (_, viewer, code, message) => {
      calls.length = 0;
      const { data, errors } = await run(openTable, viewer, '{ audit news }');
      expect(data).toEqual({ audit: null, news: 'news' });
      expect(errors).toHaveLength(1);
      expect(errors?.[0]?.originalError).toMatchObject({ code, message });
      expect(calls).toEqual([]);
    },
  );

  it('lets an admin use it', async () => {
    expect(await run(openTable, admin, '{ audit }')).toEqual({ data: { audit: 'audit' } });
  });

  it('lets members use what is for members, and asks others to log in', async () => {
    calls.length = 0;
    const query = 'mutation { write }';
    expect((await run(openTable, john, query)).data).toEqual({ write: 'written' });
    const { errors } = await run(openTable, anonymous, query);
    expect(errors?.[0]?.originalError).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(calls).toEqual(['write']);
  });

  it('finds a forbidden field under an alias, in a fragment, beside itself', async () => {
    const { data, errors } = await run(
      openTable,
      john,
      '{ a: audit ...F ... on Query { b: audit } } fragment F on Query { c: audit }',
    );
    expect(data).toEqual({ a: null, b: null, c: null });
    expect(errors).toHaveLength(3);
  });

  it("hides a field from all but its object's owner and admins, without an error", async () => {
    const table: AccessTable = {
      fields: { ...openTable.fields, 'Note.text': ownerAndAdmins(ownerId) },
    };
    const read = async (viewer: Viewer) => (await run(table, viewer, '{ notes { text } }')).data;
    expect(await read(john)).toEqual({ notes: [{ text: 'of john' }, { text: null }] });
    expect(await read(admin)).toEqual({ notes: [{ text: 'of john' }, { text: 'of jane' }] });
    expect(await read(anonymous)).toEqual({ notes: [{ text: null }, { text: null }] });
  });

  it("lets a rule decide by a field's arguments", async () => {
    const table: AccessTable = {
      fields: {
        ...openTable.fields,
        'Query.note': (viewer, _parent: unknown, { id }: { id: string }) =>
          id === 'a' || viewer.kind === 'user' ? 'allow' : 'UNAUTHENTICATED',
      },
    };
    const { data, errors } = await run(
      table,
      anonymous,
      '{ a: note(id: "a") { id } b: note(id: "b") { id } }',
    );
    expect(data).toEqual({ a: { id: 'a' }, b: null });
    expect(errors).toHaveLength(1);
  });

  describe('with a rule for rows', () => {
    const table: AccessTable = { ...openTable, rows: { Note: ownedBy(ownerId) } };

    it('answers a hidden object like one that does not exist', async () => {
      const query = '{ note(id: "b") { id } }';
      const missing = await run(table, john, '{ note(id: "zzz") { id } }');
      expect(await run(table, john, query)).toEqual(missing);
      expect((await run(table, jane, query)).data).toEqual({ note: { id: 'b' } });
      expect((await run(table, admin, query)).data).toEqual({ note: { id: 'b' } });
    });

    it('leaves it out of lists, also of lists of promises', async () => {
      const query = '{ notes { id } later { id } }';
      expect((await run(table, john, query)).data).toEqual({
        notes: [{ id: 'a' }],
        later: [{ id: 'a' }],
      });
      expect((await run(table, anonymous, query)).data).toEqual({ notes: [], later: [] });
    });

    it('hides it as a field of another object', async () => {
      const { data } = await run(table, john, '{ note(id: "a") { related { id } } }');
      expect(data).toEqual({ note: { related: null } });
    });

    it('answers null in its place in a list of references, which keeps its length', async () => {
      const query = `{ _entities(representations: [
        { __typename: "Note", id: "b" }, { __typename: "Note", id: "a" }, { __typename: "Note", id: "zzz" }
      ]) { __typename ... on Note { id text } } }`;
      expect(await run(table, john, query)).toEqual({
        data: { _entities: [null, { __typename: 'Note', id: 'a', text: 'of john' }, null] },
      });
    });
  });

  it('does not start with a field that has no rule', () => {
    const { Note: _omitted, ...fields } = openTable.fields;
    expect(() => build({ fields })).toThrow(
      expect.objectContaining({
        code: 'SCHEMA_INVALID',
        message:
          'The access table of "notes" does not match its schema: no rule for Note.id, Note.text, Note.related.',
        advice: 'Correct subgraphs/notes/access.ts.',
      }),
    );
  });

  it('does not start with a rule for what the schema does not have', () => {
    const table: AccessTable = {
      fields: { ...openTable.fields, 'Note.txet': everyone },
      rows: { Nothing: () => true },
    };
    expect(() => build(table)).toThrow(
      expect.objectContaining({
        message:
          'The access table of "notes" does not match its schema: a rule for Note.txet, Nothing, which the schema does not have.',
      }),
    );
  });

  it('does not mistake the name of an object property for a rule', () => {
    const withOddType = parse(/* GraphQL */ `
      type Query {
        toString: String
      }
    `);
    const odd = { name: 'odd', schema: withOddType, resolvers: {}, access: { fields: {} } };
    expect(() => buildExecutableSchema(odd)).toThrow('no rule for Query.toString');
  });
});

function build(access: AccessTable) {
  return buildExecutableSchema({ name: 'notes', schema, resolvers, access });
}

function run(access: AccessTable, viewer: Viewer, source: string) {
  return graphql({ schema: build(access), source, contextValue: { viewer } });
}
