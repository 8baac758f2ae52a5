/**
 * Shared values without keys, of which each subgraph has fields of its own: which subgraph answers a field decides what
 * can be reached below it, at the root, below entities, through lists, and inside each other.
 */
export const valuesWithoutKeys: Readonly<Record<string, string>> = {
  a: `
    type Query { position: Position @shareable places(first: Int = 2): [Place] @shareable own: Owner all: [Any!] @shareable }
    type Position @shareable { x: Int inA: String place: Place }
    type Place @shareable { name: String onlyA(scale: Int = 1): Int at: Position }
    type Owner @key(fields: "id") { id: ID! home: Position @shareable a: Int }
    union Any = Position | Place
  `,
  b: `
    type Query { position: Position @shareable places(first: Int = 2): [Place] @shareable all: [Any!] @shareable }
    type Position @shareable { x: Int inB: [Int!] place: Place }
    type Place @shareable { name: String onlyB: String at: Position }
    type Owner @key(fields: "id") { id: ID! home: Position @shareable b: String friend: Owner }
    union Any = Position | Place
  `,
  c: `
    type Query { position: Position @shareable places(first: Int = 2): [Place] @shareable all: [Any!] @shareable }
    type Mutation { move(x: Int): Position settle: Owner }
    type Position @shareable { x: Int inA: String inB: [Int!] inC: Kind place: Place }
    type Place @shareable { name: String onlyA(scale: Int = 1): Int onlyB: String onlyC: Owner at: Position }
    type Owner @key(fields: "id") { id: ID! home: Position @shareable c: Float all: [Owner!]! }
    enum Kind { NEAR FAR }
    union Any = Position | Place
  `,
};
