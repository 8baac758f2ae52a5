/**
 * Fields on their way from one subgraph to another, for the requests in which a label is active: by name and by share,
 * on roots, on entities, and beside fields that are taken over for good, of which others are required.
 */
export const overrideLabels: Readonly<Record<string, string>> = {
  old: `
    type Query { products(first: Int = 2): [Product!]! product(id: ID!): Product newest: Product old: Int }
    type Mutation { restock(id: ID!): Product }
    type Product @key(fields: "id") @key(fields: "sku") {
      id: ID! sku: String! name(upper: Boolean = false): String price: Int weight: Float stock: Int brand: Brand gone: Int
      similar(first: Int = 2): [Product]
    }
    type Brand @key(fields: "id") { id: ID! name: String country: String }
  `,
  new: `
    type Query {
      newest: Product @override(from: "old", label: "percent(30)")
      best: [Product]
    }
    type Product @key(fields: "id") {
      id: ID!
      name(upper: Boolean = false): String @override(from: "old", label: "names")
      price: Int @override(from: "old", label: "percent(60)")
      weight: Float @override(from: "old", label: "weights")
      gone: Int @override(from: "old")
      brand: Brand @override(from: "old", label: "names")
      rating: Float
    }
    type Brand @key(fields: "id") { id: ID! country: String @override(from: "old", label: "percent(30)") founded: Int }
  `,
  stock: `
    type Query { scarce: [Product!] }
    type Product @key(fields: "sku") @key(fields: "id") {
      id: ID! sku: String! stock: Int @override(from: "old", label: "stocks") rating: Float @external gone: Int @external
      shipping: Int @requires(fields: "rating gone") shelves: [Shelf!]
    }
    type Shelf { place: String product: Product brand: Brand }
    type Brand @key(fields: "id", resolvable: false) { id: ID! }
  `,
};
