/**
 * Entities that are known by different keys in different places: chains of keys, several keys, composite and nested
 * keys; fields that need fields of other subgraphs, with arguments and through lists; provided and shared fields.
 */
export const keysAndRequirements: Readonly<Record<string, string>> = {
  catalog: `
    type Query {
      products(first: Int! = 2, sort: [Sort!]): [Product!]!
      product(id: ID!): Product
      featured: [[Product!]]
      today: Day @shareable
    }
    enum Sort { NAME PRICE }
    type Product @key(fields: "id") @key(fields: "sku brand { code }") {
      id: ID!
      sku: String!
      brand: Brand!
      name(language: String = "en"): String
      label: String @shareable
      related(first: Int = 1): [Product]
    }
    type Brand @key(fields: "code") { code: String! name: String country: Country }
    type Country @shareable { code: String! name: String! currency: Money }
    type Money @shareable { amount: Float! currency: String }
    type Day @shareable { date: String events: [String!] weekday(short: Boolean! = false): String! }
  `,
  pricing: `
    type Query { cheapest: Offer expensive(limit: Float = 10.5): [Offer]! today: Day @shareable }
    type Product @key(fields: "sku brand { code }") @key(fields: "upc") {
      sku: String!
      brand: Brand!
      upc: Int!
      price(currency: String! = "CHF"): Money
      prices(currencies: [String!] = ["EUR"]): [Money!]!
      size(unit: String): Size
    }
    type Brand @key(fields: "code", resolvable: false) { code: String! }
    type Offer @key(fields: "number region { id }") { number: Int! region: Region! product: Product until: String }
    type Region @key(fields: "id") { id: ID! name: String @shareable }
    type Money @shareable { amount: Float! currency: String }
    type Size @shareable { width: Int height: Int parts: [Part!] }
    type Part @shareable { name: String weight: Float! }
    type Day @shareable { date: String events: [String!] weekday(short: Boolean! = false): String! }
  `,
  shipping: `
    type Query { parcels: [Parcel!] }
    type Product @key(fields: "upc") {
      upc: Int!
      price(currency: String! = "CHF"): Money @external
      prices(currencies: [String!] = ["EUR"]): [Money!]! @external
      size(unit: String): Size @external
      inDollars: String @requires(fields: "price(currency: \\"USD\\") { amount currency }")
      inEuros: String! @requires(fields: "price(currency: \\"EUR\\") { amount }")
      parcel(fragile: Boolean): Parcel @requires(fields: "size(unit: \\"cm\\") { width height parts { weight } } price { amount }")
      sums: [Float] @requires(fields: "prices { amount }")
      isLarge: Boolean
      label: String @shareable
    }
    type Money @shareable { amount: Float! currency: String }
    type Size @shareable { width: Int height: Int parts: [Part!] }
    type Part @shareable { name: String weight: Float! }
    type Parcel @key(fields: "code") { code: ID! weight: Int! product: Product! carrier: Carrier @provides(fields: "name") }
    type Carrier @key(fields: "id") { id: ID! name: String @external }
  `,
  carriers: `
    type Query { carriers: [Carrier!]! }
    type Carrier @key(fields: "id") { id: ID! name: String @shareable phone: String! home: Region }
    type Parcel @key(fields: "code") { code: ID! track(steps: Int): [Step!] }
    type Step { at: String! in: Region! }
    type Region @key(fields: "id") { id: ID! name: String @shareable offers: [Offer!] }
    type Offer @key(fields: "number region { id }") { number: Int! region: Region! carrier: Carrier! }
  `,
};
