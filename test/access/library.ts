import type { EnforcementSettings } from '../../engine/operation/operation-access.ts';
import { Federation } from '../support/federation.ts';

/** A library of two subgraphs, with each access directive in every kind of place. */
export function createLibrary(access: Partial<EnforcementSettings> = {}): Federation {
  return new Federation(
    {
      catalog: {
        schema: `
          type Query {
            book: Book
            books: [Book!]
            shelf: Shelf
            item: Item
            items: [Item]
            entry: Entry
            desk: Desk @authenticated
            ledger: Ledger
            novel: Novel
          }
          type Mutation {
            lend(id: ID!): Book @requiresScopes(scopes: [["lend"], ["admin", "night"]])
            ask(question: String!): String
          }
          type Book @key(fields: "id") {
            id: ID!
            title: String!
            price: Int @requiresScopes(scopes: [["price"]])
            borrower: String! @authenticated
            notes: Notes
            mood: Mood
            secrets: [Secret!] 
          }
          type Shelf @key(fields: "code") { code: ID! @authenticated label: String }
          type Secret @authenticated { text: String }
          type Desk { number: Int, drawer: Drawer }
          type Drawer { size: Int }
          type Ledger { sum: Int @policy(policies: [["auditor", "weekday"], ["owner"]]) total: Int @policy(policies: [["owner"]]) }
          scalar Notes @requiresScopes(scopes: [["notes"]])
          enum Mood @policy(policies: [["owner"]]) { GOOD BAD }
          interface Item { id: ID! label: String owner: String }
          type Novel implements Item { id: ID! label: String owner: String pages: Int }
          type Diary implements Item @authenticated { id: ID! label: String owner: String day: String }
          type Letter implements Item { id: ID! label: String @requiresScopes(scopes: [["letters"]]) owner: String sender: String }
          union Entry = Novel | Diary
        `,
        resolvers: {
          Query: {
            book: () => book,
            books: () => [book, { ...book, id: 'b2' }],
            shelf: () => ({ code: 's1', label: 'Top' }),
            item: () => items[1],
            items: () => items,
            entry: () => items[1],
            novel: () => items[0],
            desk: () => ({ number: 7, drawer: { size: 3 } }),
            ledger: () => ({ sum: 5, total: 9 }),
          },
          Mutation: {
            lend: () => book,
            ask: (_: unknown, { question }: { question: string }) => `${question}?`,
          },
          Item: { __resolveType: ({ __typename }: { __typename: string }) => __typename },
          Entry: { __resolveType: ({ __typename }: { __typename: string }) => __typename },
        },
      },
      stock: {
        schema: `
          type Book @key(fields: "id") {
            id: ID!
            price: Int @external
            copies: Int
            tax: Int @requires(fields: "price") @requiresScopes(scopes: [["price"]])
          }
          type Shelf @key(fields: "code") { code: ID! @authenticated free: Int }
        `,
        resolvers: {
          Book: {
            __resolveReference: (reference: object) => ({ ...reference, copies: 2 }),
            tax: ({ price }: { price: number }) => price / 10,
          },
          Shelf: { __resolveReference: (reference: object) => ({ ...reference, free: 4 }) },
        },
      },
    },
    { log: () => undefined, ...access },
  );
}

const book = {
  id: 'b1',
  title: 'Emma',
  price: 100,
  borrower: 'Ann',
  notes: 'torn',
  mood: 'GOOD',
  secrets: [{ text: 'x' }],
};

const items = [
  { __typename: 'Novel', id: 'n1', label: 'N', owner: 'o', pages: 9 },
  { __typename: 'Diary', id: 'd1', label: 'D', owner: 'o', day: 'Mon' },
  { __typename: 'Letter', id: 'l1', label: 'L', owner: 'o', sender: 'me' },
];
