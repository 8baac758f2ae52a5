/**
 * Entities whose every subgraph knows them by another key: the way from the first to the fifth leads through all between,
 * and some have short cuts, one-way keys and requirements along the way.
 */
export const keyChains: Readonly<Record<string, string>> = {
  one: `
    type Query { parts(first: Int = 2): [Part!] part(a: ID): Part thing: Thing }
    type Part @key(fields: "a") { a: ID! one: String next: Part }
    type Thing @key(fields: "x") { x: Int! first: Int parts: [Part] }
  `,
  two: `
    type Part @key(fields: "a") @key(fields: "b { id }") { a: ID! b: Link! two(of: Int = 2): Int three: Float @external sum: Int @requires(fields: "three") }
    type Link @shareable { id: ID! note: String }
    type Thing @key(fields: "x") @key(fields: "y z") { x: Int! y: String! z: ID! second: [Thing!] }
  `,
  three: `
    type Query { middle: Part }
    type Part @key(fields: "b { id }") @key(fields: "c d") { b: Link! c: Int! d: String! three: Float owner: Thing }
    type Link @shareable { id: ID! note: String }
    type Thing @key(fields: "y z") @key(fields: "part { c d }") { y: String! z: ID! part: Part! third: String }
  `,
  four: `
    type Query { late: [Part!] }
    type Part @key(fields: "c d") @key(fields: "e") { c: Int! d: String! e: ID! four: Int thing: Thing }
    type Thing @key(fields: "part { c d }") @key(fields: "w") { part: Part! w: ID! fourth(of: String): Int }
  `,
  five: `
    type Query { last: Part lastThings: [Thing] }
    type Part @key(fields: "e") {
      e: ID! five: String one: String @external four: Int @external all: String @requires(fields: "one four") after: [Part]
    }
    type Thing @key(fields: "w") { w: ID! fifth: Int first: Int @external third: String @external far: Int @requires(fields: "first third") }
  `,
};
