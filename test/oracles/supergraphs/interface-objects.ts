/**
 * Interfaces as objects, fields taken over, what clients may not see, custom scalars, and mutations in series. An
 * interface object has no non-null field of its own: it is asked for what is selected for any of the types, and such a
 * failing field would remove what is selected for the others. Nor is a field of the interface stricter in one of its
 * types: the type of an object that failed is unknown, and it is completed as the interface says.
 */
export const interfaceObjects: Readonly<Record<string, string>> = {
  media: `
    type Query {
      media(id: ID!): Media
      library(filter: Filter, page: Page = { size: 2, after: null }): [Media!]!
      latest: Media
      books: [Book]
      things: [Thing!]
    }
    type Mutation {
      addBook(input: BookInput!): BookPayload
      rename(id: ID!, title: String = "new"): Media
      clear(kinds: [Kind!]! = [BOOK]): Int!
      touch(at: Date, data: JSON): Boolean
    }
    scalar Date
    scalar JSON
    enum Kind { BOOK FILM LOST @inaccessible }
    input Filter { kind: Kind = BOOK any: [Filter!] title: String data: JSON year: Int! = 1999 secret: String @inaccessible }
    input Page { size: Int! after: ID }
    input BookInput { id: ID! title: String! = "untitled" tags: [String] kind: Kind @inaccessible filter: Filter }
    type BookPayload { book: Book errors: [String!]! media: [Media] query: Query! }
    union Thing = Book | Film | Ghost
    type Ghost @inaccessible { name: String }
    interface Media @key(fields: "id") { id: ID! title: String addedAt: Date }
    type Book implements Media @key(fields: "id") {
      id: ID! title: String addedAt: Date pages: Int! kind: Kind meta(path: [String!]): JSON author: Person secret: String @inaccessible
      oldRating: Int
    }
    type Film implements Media @key(fields: "id") { id: ID! title: String addedAt: Date length: Float kind: Kind meta: JSON }
    type Person @key(fields: "id") { id: ID! name: String age: Int }
  `,
  ratings: `
    type Query { topRated(first: Int = 3): [Media!]! worst: Media rated: [[Media]!] }
    type Mutation { rate(id: ID!, stars: Int! = 5): Rating! unrate(id: ID!): Media }
    scalar JSON
    type Media @interfaceObject @key(fields: "id") {
      id: ID!
      rating(of: JSON): Float
      reviews(first: Int! = 1): [Review!]
      similar: [Media]
    }
    type Rating @shareable { stars: Int! media: Media! note: JSON }
    type Review { text: String! by: Person! about: Media! }
    type Person @key(fields: "id") { id: ID! reviews: [Review] name: String @override(from: "media") }
  `,
  archive: `
    type Query { archived(pages: [Int!]): [Book!] oldest: Book! }
    type Mutation { archive(id: ID!): Book }
    type Book @key(fields: "id") { id: ID! oldRating: Int @override(from: "media") chapters: [[String]!] }
  `,
  people: `
    type Query { person(id: ID!): Person people(ids: [ID!]): [Person] me: Person! }
    type Mutation { addPerson(name: String!): Person! greet(person: ID, twice: Boolean! = false): String }
    scalar Date
    type Person @key(fields: "id") {
      id: ID! born: Date age: Int @override(from: "media") parents: [Person!] owns: [Media] secretName: String @inaccessible
    }
    type Media @interfaceObject @key(fields: "id") { id: ID! owner: Person lentTo: [[Person!]] }
  `,
};
