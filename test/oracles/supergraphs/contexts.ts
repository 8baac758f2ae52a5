/**
 * Arguments that come from objects around (`@fromContext`): from the parent, from further up, through lists and nested
 * values, the same context set by several types, beside arguments of the client's, for entities that other subgraphs
 * lead to.
 */
export const contexts: Readonly<Record<string, string>> = {
  accounts: `
    type Query { account(id: ID): Account accounts(first: Int = 2): [Account!]! owner: Owner }
    type Account @key(fields: "id") @context(name: "money") {
      id: ID! currency: String! locale: Locale payments: [Payment!] main: Payment grid: [[Payment]] parent: Account plain: Note
    }
    type Company @key(fields: "id") @context(name: "money") {
      id: ID! currency: String! locale: Locale payments(first: Int = 2): [Payment] boss: Account
    }
    union Owner = Account | Company
    type Locale @shareable { code: String region: String }
    type Note @key(fields: "id") { id: ID! text(in: String @fromContext(field: "$money { currency }")): String deeper: Note payment: Payment }
    type Payment @key(fields: "id") {
      id: ID!
      amount(in: String @fromContext(field: "$money { currency }"), digits: Int = 2): String
      text(code: String @fromContext(field: "$money { locale { code } }")): String
      both(
        code: String @fromContext(field: "$money { locale { code } }")
        in: String @fromContext(field: "$money { currency }")
        loud: Boolean
      ): [String]
      next: Payment
      of: Account
    }
  `,
  ledger: `
    type Query { ledger: Ledger! latest(first: Int): [Company!] }
    type Ledger @key(fields: "id") @context(name: "book") { id: ID! unit: String rows: [Row!] total: Total }
    type Row @key(fields: "id") { id: ID! value(unit: String @fromContext(field: "$book { unit }")): Float of: Ledger }
    type Total @key(fields: "id") { id: ID! sum(unit: String @fromContext(field: "$book { unit }")): Int rows: [Row] }
    type Company @key(fields: "id") { id: ID! name: String ledger: Ledger }
    type Account @key(fields: "id") { id: ID! note: String history: [Account!] }
    type Payment @key(fields: "id") { id: ID! memo: String ledger: Ledger }
  `,
  people: `
    type Query { me: Person }
    type Person @key(fields: "id") { id: ID! account: Account company: Company ledgers: [Ledger] }
    type Account @key(fields: "id", resolvable: false) { id: ID! }
    type Company @key(fields: "id", resolvable: false) { id: ID! }
    type Ledger @key(fields: "id") { id: ID! auditor: Person seal: String }
  `,
};
