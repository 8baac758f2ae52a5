/** Unions, interfaces, lists of lists and every kind of nullability, over two subgraphs that complete each other. */
export const unionsAndLists: Readonly<Record<string, string>> = {
  shelves: `
    type Query {
      search(text: String = "x", kinds: [Kind!], limit: Int! = 3): [Found]
      strictSearch: [Found!]!
      node(id: ID!): Node
      nodes(ids: [ID!]! = ["1"]): [Node!]
      grid: [[Book]]
      strictGrid: [[Book!]!]!
      cube: [[[Found!]]!]
      shelf: Shelf
      strictShelf: Shelf!
      self: Query
      numbers(scale: Float = 1.5): [[Int]]
    }
    enum Kind { BOOK FILM SONG }
    union Found = Book | Film | Shelf | Secret
    type Secret @inaccessible { word: String }
    interface Node { id: ID! title(loud: Boolean = false): String related: Node }
    interface Priced implements Node { id: ID! title(loud: Boolean = false): String related: Node price: Int! }
    type Book implements Node & Priced @key(fields: "id") {
      id: ID! title(loud: Boolean = false): String related: Node price: Int! pages: Int kind: Kind
      sequels: [Book!] tags: [[String!]] shelf: Shelf!
    }
    type Film implements Node & Priced @key(fields: "id") {
      id: ID! title(loud: Boolean = false): String! related: Node price: Int! minutes: Float! kind: Kind!
      crew: [[Person]!]
    }
    type Song implements Node @key(fields: "id") { id: ID! title(loud: Boolean = false): String related: Song length: Float }
    type Shelf @shareable { place: Place! label: String room(at: PlaceInput): String items: [Found] }
    type Place @shareable { x: Int! y: Int note: String above: Place }
    input PlaceInput { x: Int! = 1, y: Int, near: [PlaceInput!] kinds: [[Kind]] }
    type Person @key(fields: "id") { id: ID! }
  `,
  reviews: `
    type Query { people(first: Int = 2): [Person!]! best: Rated worst: Rated! }
    union Rated = Book | Film | Person
    interface Scored { score(by: [Int!] = [1, 2]): Float }
    type Book implements Scored @key(fields: "id") {
      id: ID! score(by: [Int!] = [1, 2]): Float reviews: [Review!]! rivals: [[Rated!]]
    }
    type Film implements Scored @key(fields: "id") { id: ID! score(by: [Int!] = [1, 2]): Float! critic: Person! }
    type Song @key(fields: "id") { id: ID! singer: Person }
    type Person implements Scored @key(fields: "id") {
      id: ID! name: String! score(by: [Int!] = [1, 2]): Float friends: [Person] favourite: Rated
    }
    type Review { stars: Int! by: Person! of: Rated! text(max: Int): String }
  `,
};
