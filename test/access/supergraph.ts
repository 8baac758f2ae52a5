/** Subgraphs with access directives on every kind of element; the name of a protected field is unique. */
export const guardedSubgraphs: Readonly<Record<string, string>> = {
  people: `
    type Query {
      person: Person
      people: [Person!]!
      being: Being
      beings: [Being]
      found: [Found!]
      vault: Vault
    }
    type Mutation {
      rename(to: String): Person @requiresScopes(scopes: [["write"]])
      greet: Person!
    }
    interface Being { id: ID! name: String motto: String friend: Being rank: Rank }
    type Person implements Being @key(fields: "id") {
      id: ID!
      name: String
      motto: String
      friend: Being
      rank: Rank
      wage: Int @requiresScopes(scopes: [["pay"], ["write", "admin"]])
      diary: Diary
      pulse: Int! @authenticated
    }
    type Robot implements Being @key(fields: "id") @authenticated {
      id: ID!
      name: String
      motto: String
      friend: Being
      rank: Rank
      serial: String!
    }
    type Ghost implements Being @key(fields: "id") {
      id: ID!
      name: String
      motto: String @policy(policies: [["seer"]])
      friend: Being @requiresScopes(scopes: [["pay"]])
      rank: Rank
      haunts: [String!]
    }
    type Diary @policy(policies: [["seer", "friend"], ["owner"]]) { page: String! lines: [String] }
    type Vault { code: Secret combination: [Secret!] label: String! }
    scalar Secret @policy(policies: [["owner"]])
    enum Rank @requiresScopes(scopes: [["ranks"]]) { HIGH LOW }
    union Found = Person | Robot | Vault
  `,
  work: `
    type Query { jobs: [Job!] }
    type Job @key(fields: "number") { number: ID! @authenticated title: String boss: Person crew: [Person] }
    type Person @key(fields: "id") {
      id: ID!
      wage: Int @external
      bonus: Int @requires(fields: "wage") @requiresScopes(scopes: [["pay"], ["write", "admin"]])
      jobs: [Job] @authenticated
    }
    type Ghost @key(fields: "id") { id: ID! shift: String }
  `,
  places: `
    type Job @key(fields: "number") { number: ID! @authenticated town: String seat: String! @policy(policies: [["seer"]]) }
    type Robot @key(fields: "id") { id: ID! dock: String }
  `,
};
