/**
 * Root types under names of their own, and payloads that lead back to the root: at the root, below mutations, in lists
 * and below entities, where fields of several subgraphs are asked for.
 */
export const renamedRoots: Readonly<Record<string, string>> = {
  shop: `
    schema { query: Shop mutation: Changes }
    type Shop { shop: Shop items(first: Int = 2): [Item!]! item(id: ID!): Item page: Page version: String @shareable }
    type Changes { add(name: String!): Page! drop(id: ID!): Item sell(id: ID!, count: Int = 1): Sold }
    type Page @shareable { items: [Item] query: Shop size: Int }
    type Sold { item: Item query: Shop! before: [Shop] }
    type Item @key(fields: "id") { id: ID! name: String query: Shop count: Int }
  `,
  stock: `
    schema { query: Query mutation: Store }
    type Query { shelves: [Shelf] shelf(at: Int = 1): Shelf version: String @shareable }
    type Store { fill(at: Int!): Filled move(id: ID!): Item }
    type Filled { shelf: Shelf! query: Query }
    type Shelf @key(fields: "at") { at: Int! items: [Item!] around: Query }
    type Item @key(fields: "id") { id: ID! stock: Int shelf: Shelf count: Int @external left: Int @requires(fields: "count") }
  `,
  news: `
    schema { query: Reading mutation: Writing }
    type Reading { news: [News!] read(id: ID): News version: String @shareable }
    type Writing { write(text: String = "news"): News erase: Boolean }
    type News { text: String item: Item root: Reading pages: [Page] }
    type Page @shareable { items: [Item] query: Reading size: Int }
    type Item @key(fields: "id", resolvable: false) { id: ID! }
  `,
};
