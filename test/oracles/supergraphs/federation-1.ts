/**
 * What Federation 1 composes (join v0.1, `@core`): entities with an owner and extensions in other subgraphs, several keys,
 * `@requires`, `@provides`, value types that do not say where they are. Its composition is gone from the packages, so the
 * supergraph is written down as it made it.
 */
export const federation1: Readonly<Record<string, string>> = {
  accounts: `
    type Query { me: User users(first: Int = 2): [User!]! }
    type Mutation { rename(id: ID!, name: String = "new"): User }
    type User @key(fields: "id") @key(fields: "username realm { id }") {
      id: ID! username: String! realm: Realm! name(upper: Boolean = false): String birthDate: String
    }
    type Realm { id: ID! label: String }
    enum Unit { KG LB }
    type Error { code: Int! message: String }
  `,
  inventory: `
    extend type Product @key(fields: "upc") {
      upc: String! @external
      weight: Int @external
      price: Int @external
      inStock: Boolean
      shipping: Int @requires(fields: "price weight")
      depot: Depot
      problem: Error
    }
    type Depot @key(fields: "id") { id: ID! city: String holds: [Product] }
    type Error { code: Int! message: String }
  `,
  products: `
    extend type Query { product(upc: String!): Product topProducts(first: Int = 3): [Product] found: [Thing] any: Named }
    type Product implements Named @key(fields: "upc") @key(fields: "sku") {
      upc: String! sku: Int! title: String price: Int weight: Int size(unit: Unit = KG): Int details: Details similar: [Product!]
    }
    type Book implements Named @key(fields: "isbn") { isbn: ID! title: String pages: Int }
    interface Named { title: String }
    union Thing = Product | Book
    type Details { country: String sizes: [[Int!]] }
    enum Unit { KG LB }
  `,
  reviews: `
    extend type Query { latest: Review worst: [Review!] }
    extend type Mutation { review(upc: String!, text: Text = { words: "ok" }): Review }
    input Text { words: String stars: Int = 5 }
    type Review @key(fields: "id") {
      id: ID! body: String stars: Int author: User @provides(fields: "username") product: Product
    }
    extend type User @key(fields: "id") { id: ID! @external username: String! @external reviews: [Review] }
    extend type Product @key(fields: "sku") { sku: Int! @external reviews(first: Int = 2): [Review] problem2: Error }
    extend type Book @key(fields: "isbn") { isbn: ID! @external reviews: [Review] }
    type Error { code: Int! message: String }
  `,
};

/** The supergraph of these subgraphs. */
export const federation1Sdl = `
schema
  @core(feature: "https://specs.apollo.dev/core/v0.2")
  @core(feature: "https://specs.apollo.dev/join/v0.1", for: EXECUTION)
{ query: Query mutation: Mutation }

directive @core(as: String, feature: String!, for: core__Purpose) repeatable on SCHEMA
directive @join__field(graph: join__Graph, provides: join__FieldSet, requires: join__FieldSet) on FIELD_DEFINITION
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__owner(graph: join__Graph!) on INTERFACE | OBJECT
directive @join__type(graph: join__Graph!, key: join__FieldSet) repeatable on INTERFACE | OBJECT

type Book implements Named
  @join__owner(graph: PRODUCTS)
  @join__type(graph: PRODUCTS, key: "isbn")
  @join__type(graph: REVIEWS, key: "isbn")
{
  isbn: ID! @join__field(graph: PRODUCTS)
  title: String @join__field(graph: PRODUCTS)
  pages: Int @join__field(graph: PRODUCTS)
  reviews: [Review] @join__field(graph: REVIEWS)
}

type Depot @join__owner(graph: INVENTORY) @join__type(graph: INVENTORY, key: "id") {
  id: ID! @join__field(graph: INVENTORY)
  city: String @join__field(graph: INVENTORY)
  holds: [Product] @join__field(graph: INVENTORY)
}

type Details { country: String sizes: [[Int!]] }

type Error { code: Int! message: String }

type Mutation {
  rename(id: ID!, name: String = "new"): User @join__field(graph: ACCOUNTS)
  review(upc: String!, text: Text = {words: "ok"}): Review @join__field(graph: REVIEWS)
}

interface Named { title: String }

type Product implements Named
  @join__owner(graph: PRODUCTS)
  @join__type(graph: PRODUCTS, key: "upc")
  @join__type(graph: PRODUCTS, key: "sku")
  @join__type(graph: INVENTORY, key: "upc")
  @join__type(graph: REVIEWS, key: "sku")
{
  upc: String! @join__field(graph: PRODUCTS)
  sku: Int! @join__field(graph: PRODUCTS)
  title: String @join__field(graph: PRODUCTS)
  price: Int @join__field(graph: PRODUCTS)
  weight: Int @join__field(graph: PRODUCTS)
  size(unit: Unit = KG): Int @join__field(graph: PRODUCTS)
  details: Details @join__field(graph: PRODUCTS)
  similar: [Product!] @join__field(graph: PRODUCTS)
  inStock: Boolean @join__field(graph: INVENTORY)
  shipping: Int @join__field(graph: INVENTORY, requires: "price weight")
  depot: Depot @join__field(graph: INVENTORY)
  problem: Error @join__field(graph: INVENTORY)
  reviews(first: Int = 2): [Review] @join__field(graph: REVIEWS)
  problem2: Error @join__field(graph: REVIEWS)
}

type Query {
  me: User @join__field(graph: ACCOUNTS)
  users(first: Int = 2): [User!]! @join__field(graph: ACCOUNTS)
  product(upc: String!): Product @join__field(graph: PRODUCTS)
  topProducts(first: Int = 3): [Product] @join__field(graph: PRODUCTS)
  found: [Thing] @join__field(graph: PRODUCTS)
  any: Named @join__field(graph: PRODUCTS)
  latest: Review @join__field(graph: REVIEWS)
  worst: [Review!] @join__field(graph: REVIEWS)
}

type Realm { id: ID! label: String }

type Review @join__owner(graph: REVIEWS) @join__type(graph: REVIEWS, key: "id") {
  id: ID! @join__field(graph: REVIEWS)
  body: String @join__field(graph: REVIEWS)
  stars: Int @join__field(graph: REVIEWS)
  author: User @join__field(graph: REVIEWS, provides: "username")
  product: Product @join__field(graph: REVIEWS)
}

input Text { words: String stars: Int = 5 }

union Thing = Book | Product

enum Unit { KG LB }

type User
  @join__owner(graph: ACCOUNTS)
  @join__type(graph: ACCOUNTS, key: "id")
  @join__type(graph: ACCOUNTS, key: "username realm{id}")
  @join__type(graph: REVIEWS, key: "id")
{
  id: ID! @join__field(graph: ACCOUNTS)
  username: String! @join__field(graph: ACCOUNTS)
  realm: Realm! @join__field(graph: ACCOUNTS)
  name(upper: Boolean = false): String @join__field(graph: ACCOUNTS)
  birthDate: String @join__field(graph: ACCOUNTS)
  reviews: [Review] @join__field(graph: REVIEWS)
}

enum core__Purpose { EXECUTION SECURITY }

scalar join__FieldSet

enum join__Graph {
  ACCOUNTS @join__graph(name: "accounts" url: "http://accounts.test/graphql")
  INVENTORY @join__graph(name: "inventory" url: "http://inventory.test/graphql")
  PRODUCTS @join__graph(name: "products" url: "http://products.test/graphql")
  REVIEWS @join__graph(name: "reviews" url: "http://reviews.test/graphql")
}
`;
