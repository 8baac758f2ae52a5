import { describe, expect, it } from '@jest/globals';
import type { Finding } from '../../composition/check/finding.ts';
import { findingsBetween } from './check-composed.ts';
import type { Schemas } from './composed-folder.ts';

/** What is done, the schema before and after, and what is found: severity, code and coordinate. */
type Edit = readonly [
  what: string,
  before: string | Schemas,
  after: string | Schemas,
  expected: readonly string[],
];

const q = 'type Query { a: Int }';

const types: readonly Edit[] = [
  ['nothing', q, q, []],
  [
    'definitions in another order',
    `${q} type B { x: Int y: Int }`,
    `type B { y: Int x: Int } ${q}`,
    [],
  ],
  ['a type removed', `${q} type B { x: Int }`, q, ['error TYPE_REMOVED B']],
  ['a type added', q, `${q} type B { x: Int }`, ['note TYPE_ADDED B']],
  [
    'an object becomes an interface',
    `${q} type B { x: Int } type C { x: Int }`,
    `${q} interface B { x: Int } type C { x: Int }`,
    ['error TYPE_KIND_CHANGED B'],
  ],
  [
    'a scalar becomes an enum',
    'type Query { a: B } scalar B',
    'type Query { a: B } enum B { X }',
    ['error TYPE_KIND_CHANGED B'],
  ],
  [
    'mutations removed',
    `${q} type Mutation { m: Int }`,
    q,
    ['error ROOT_TYPE_REMOVED Mutation', 'error TYPE_REMOVED Mutation'],
  ],
  [
    'subscriptions added',
    q,
    `${q} type Subscription { s: Int }`,
    ['note ROOT_TYPE_ADDED Subscription', 'note TYPE_ADDED Subscription'],
  ],
  [
    'a scalar with another format',
    'type Query { a: U } scalar U @specifiedBy(url: "https://a.example")',
    'type Query { a: U } scalar U @specifiedBy(url: "https://b.example")',
    ['warning SCALAR_FORMAT_CHANGED U'],
  ],
];

const fields: readonly Edit[] = [
  ['a field removed', 'type Query { a: Int b: Int }', q, ['error FIELD_REMOVED Query.b']],
  ['a field added', q, 'type Query { a: Int b: Int }', ['note FIELD_ADDED Query.b']],
  ['a field of another type', q, 'type Query { a: String }', ['error FIELD_TYPE_CHANGED Query.a']],
  [
    'a field that may be null now',
    'type Query { a: Int! }',
    q,
    ['error FIELD_TYPE_CHANGED Query.a'],
  ],
  [
    'a field that is never null now',
    q,
    'type Query { a: Int! }',
    ['note FIELD_TYPE_NARROWED Query.a'],
  ],
  [
    'a field that is a list now',
    q,
    'type Query { a: [Int] }',
    ['error FIELD_TYPE_CHANGED Query.a'],
  ],
  [
    'a field that is no list now',
    'type Query { a: [Int] }',
    q,
    ['error FIELD_TYPE_CHANGED Query.a'],
  ],
  [
    'items that may be null now',
    'type Query { a: [Int!] }',
    'type Query { a: [Int] }',
    ['error FIELD_TYPE_CHANGED Query.a'],
  ],
  [
    'items that are never null now',
    'type Query { a: [Int] }',
    'type Query { a: [Int!] }',
    ['note FIELD_TYPE_NARROWED Query.a'],
  ],
  [
    'a list narrowed outside and widened inside',
    'type Query { a: [Int!] }',
    'type Query { a: [Int]! }',
    ['error FIELD_TYPE_CHANGED Query.a'],
  ],
  [
    'an interface narrowed to one of its types',
    'type Query { a: I } interface I { x: Int } type B implements I { x: Int }',
    'type Query { a: B } interface I { x: Int } type B implements I { x: Int }',
    ['error FIELD_TYPE_CHANGED Query.a'],
  ],
  [
    'a field of an interface removed with those of its types',
    'type Query { a: I } interface I { x: Int y: Int } type B implements I { x: Int y: Int }',
    'type Query { a: I } interface I { x: Int } type B implements I { x: Int }',
    ['error FIELD_REMOVED B.y', 'error FIELD_REMOVED I.y'],
  ],
  [
    'a field narrowed beside one of its name in a union',
    'type Query { a: U } union U = B | C type B { x: Int } type C { x: Int }',
    'type Query { a: U } union U = B | C type B { x: Int! } type C { x: Int }',
    ['error FIELD_MERGE_CONFLICT B.x', 'note FIELD_TYPE_NARROWED B.x'],
  ],
  [
    'a field narrowed beside that of its interface',
    'type Query { a: I } interface I { x: Int } type B implements I { x: Int }',
    'type Query { a: I } interface I { x: Int } type B implements I { x: Int! }',
    ['error FIELD_MERGE_CONFLICT B.x', 'note FIELD_TYPE_NARROWED B.x'],
  ],
  [
    'a field narrowed below two of one name',
    'type Query { a: U } union U = B | C type B { o: D } type C { o: E } type D { x: Int } type E { x: Int }',
    'type Query { a: U } union U = B | C type B { o: D } type C { o: E } type D { x: Int! } type E { x: Int }',
    ['error FIELD_MERGE_CONFLICT D.x', 'note FIELD_TYPE_NARROWED D.x'],
  ],
  [
    'a field narrowed where the types never meet',
    'type Query { a: B c: C } type B { x: Int } type C { x: Int }',
    'type Query { a: B c: C } type B { x: Int! } type C { x: Int }',
    ['note FIELD_TYPE_NARROWED B.x'],
  ],
  [
    'a field narrowed beside one of another name in a union',
    'type Query { a: U } union U = B | C type B { x: Int } type C { y: Int }',
    'type Query { a: U } union U = B | C type B { x: Int! } type C { y: Int }',
    ['note FIELD_TYPE_NARROWED B.x', 'warning FIELD_ALIAS_CONFLICT B.x'],
  ],
  [
    'a field narrowed beside one of another name and shape',
    'type Query { a: U } union U = B | C type B { x: Int } type C { y: String z: [Int] w: Int! }',
    'type Query { a: U } union U = B | C type B { x: Int! } type C { y: String z: [Int] w: Int! }',
    ['note FIELD_TYPE_NARROWED B.x'],
  ],
  [
    'a field narrowed beside one of another name on its own type',
    'type Query { a: B } type B { x: Int y: Int }',
    'type Query { a: B } type B { x: Int! y: Int }',
    ['note FIELD_TYPE_NARROWED B.x'],
  ],
  [
    'a field narrowed below aliases of two objects that are never the same',
    'type Query { a: U } union U = B | C type B { o: D } type C { p: D } type D { x: Int y: Int }',
    'type Query { a: U } union U = B | C type B { o: D } type C { p: D } type D { x: Int! y: Int }',
    ['note FIELD_TYPE_NARROWED D.x', 'warning FIELD_ALIAS_CONFLICT D.x'],
  ],
  [
    'a list narrowed beside a list of another name, below required arguments',
    'type Query { a(id: ID!): U } union U = B | C type B { x: [D] } type C { y: [D] } type D { z: Int }',
    'type Query { a(id: ID!): U } union U = B | C type B { x: [D!] } type C { y: [D] } type D { z: Int }',
    ['note FIELD_TYPE_NARROWED B.x', 'warning FIELD_ALIAS_CONFLICT B.x'],
  ],
  [
    'a field narrowed beside one of another name, by a union around its type',
    'type Query { a: B } union U = B | C type B { x: Int } type C { y: Int }',
    'type Query { a: B } union U = B | C type B { x: Int! } type C { y: Int }',
    ['note FIELD_TYPE_NARROWED B.x', 'warning FIELD_ALIAS_CONFLICT B.x'],
  ],
  [
    'a field narrowed beside one of another name that no operation reaches',
    'type Query { a: Int } union U = B | C type B { x: Int } type C { y: Int }',
    'type Query { a: Int } union U = B | C type B { x: Int! } type C { y: Int }',
    ['note FIELD_TYPE_NARROWED B.x'],
  ],
  [
    'a field narrowed on all types of a union',
    'type Query { a: U } union U = B | C type B { x: Int } type C { x: Int }',
    'type Query { a: U } union U = B | C type B { x: Int! } type C { x: Int! }',
    ['note FIELD_TYPE_NARROWED B.x', 'note FIELD_TYPE_NARROWED C.x'],
  ],
];

const args: readonly Edit[] = [
  [
    'an argument removed',
    'type Query { a(x: Int): Int }',
    q,
    ['error ARGUMENT_REMOVED Query.a(x:)'],
  ],
  ['an argument added', q, 'type Query { a(x: Int): Int }', ['note ARGUMENT_ADDED Query.a(x:)']],
  [
    'a required argument added',
    q,
    'type Query { a(x: Int!): Int }',
    ['error REQUIRED_ARGUMENT_ADDED Query.a(x:)'],
  ],
  [
    'a required argument with a default added',
    q,
    'type Query { a(x: Int! = 1): Int }',
    ['note ARGUMENT_ADDED Query.a(x:)'],
  ],
  [
    'an argument required',
    'type Query { a(x: Int): Int }',
    'type Query { a(x: Int!): Int }',
    ['error ARGUMENT_TYPE_CHANGED Query.a(x:)'],
  ],
  [
    'an argument required, with a default',
    'type Query { a(x: Int = 1): Int }',
    'type Query { a(x: Int! = 1): Int }',
    ['error ARGUMENT_TYPE_CHANGED Query.a(x:)'],
  ],
  [
    'an argument no longer required',
    'type Query { a(x: Int!): Int }',
    'type Query { a(x: Int): Int }',
    ['note ARGUMENT_TYPE_WIDENED Query.a(x:)'],
  ],
  [
    'an argument that is a list now',
    'type Query { a(x: Int): Int }',
    'type Query { a(x: [Int]): Int }',
    ['error ARGUMENT_TYPE_CHANGED Query.a(x:)'],
  ],
  [
    'an argument that is no list now',
    'type Query { a(x: [Int]): Int }',
    'type Query { a(x: Int): Int }',
    ['error ARGUMENT_TYPE_CHANGED Query.a(x:)'],
  ],
  [
    'items that may be null now',
    'type Query { a(x: [Int!]): Int }',
    'type Query { a(x: [Int]): Int }',
    ['note ARGUMENT_TYPE_WIDENED Query.a(x:)'],
  ],
  [
    'items that may not be null now',
    'type Query { a(x: [Int]): Int }',
    'type Query { a(x: [Int!]): Int }',
    ['error ARGUMENT_TYPE_CHANGED Query.a(x:)'],
  ],
  [
    'an argument from Int to Float',
    'type Query { a(x: Int): Int }',
    'type Query { a(x: Float): Int }',
    ['error ARGUMENT_TYPE_CHANGED Query.a(x:)'],
  ],
  [
    'a default of a required argument removed',
    'type Query { a(x: Int! = 1): Int }',
    'type Query { a(x: Int!): Int }',
    ['error ARGUMENT_DEFAULT_REMOVED Query.a(x:)'],
  ],
  [
    'a default of an optional argument removed',
    'type Query { a(x: Int = 1): Int }',
    'type Query { a(x: Int): Int }',
    ['warning ARGUMENT_DEFAULT_CHANGED Query.a(x:)'],
  ],
  [
    'a default changed',
    'type Query { a(x: Int = 1): Int }',
    'type Query { a(x: Int = 2): Int }',
    ['warning ARGUMENT_DEFAULT_CHANGED Query.a(x:)'],
  ],
  [
    'a default added',
    'type Query { a(x: Int): Int }',
    'type Query { a(x: Int = 2): Int }',
    ['warning ARGUMENT_DEFAULT_CHANGED Query.a(x:)'],
  ],
  [
    'a default that is written otherwise',
    'type Query { a(x: [Int] = [1]): Int }',
    'type Query { a(x: [Int] = [ 1, ]): Int }',
    [],
  ],
];

const inputs: readonly Edit[] = [
  [
    'an input field removed',
    input('x: Int y: Int'),
    input('x: Int'),
    ['error INPUT_FIELD_REMOVED I.y'],
  ],
  ['an input field added', input('x: Int'), input('x: Int y: Int'), ['note INPUT_FIELD_ADDED I.y']],
  [
    'a required input field added',
    input('x: Int'),
    input('x: Int y: Int!'),
    ['error REQUIRED_INPUT_FIELD_ADDED I.y'],
  ],
  [
    'a required input field with a default added',
    input('x: Int'),
    input('x: Int y: Int! = 1'),
    ['note INPUT_FIELD_ADDED I.y'],
  ],
  [
    'an input field required',
    input('x: Int'),
    input('x: Int!'),
    ['error INPUT_FIELD_TYPE_CHANGED I.x'],
  ],
  [
    'an input field no longer required',
    input('x: Int!'),
    input('x: Int'),
    ['note INPUT_FIELD_TYPE_WIDENED I.x'],
  ],
  [
    'an input field of another type',
    input('x: Int'),
    input('x: String'),
    ['error INPUT_FIELD_TYPE_CHANGED I.x'],
  ],
  [
    'a default of a required input field removed',
    input('x: Int! = 1'),
    input('x: Int!'),
    ['error INPUT_FIELD_DEFAULT_REMOVED I.x'],
  ],
  [
    'a default of an input field changed',
    input('x: Int = 1'),
    input('x: Int = 2'),
    ['warning INPUT_FIELD_DEFAULT_CHANGED I.x'],
  ],
  [
    'an input type removed',
    `${input('x: Int')} type B { y: Int }`,
    `${q} type B { y: Int }`,
    ['error ARGUMENT_REMOVED Query.a(i:)', 'error TYPE_REMOVED I'],
  ],
];

const members: readonly Edit[] = [
  [
    'a value of an enum in answers removed',
    'type Query { a: E } enum E { X Y }',
    'type Query { a: E } enum E { X }',
    ['warning ENUM_VALUE_REMOVED E.Y'],
  ],
  [
    'a value of an enum in input removed',
    'type Query { a(e: E): Int } enum E { X Y }',
    'type Query { a(e: E): Int } enum E { X }',
    ['error ENUM_VALUE_REMOVED E.Y'],
  ],
  [
    'a value of an enum in answers added',
    'type Query { a: E } enum E { X }',
    'type Query { a: E } enum E { X Y }',
    ['warning ENUM_VALUE_ADDED E.Y'],
  ],
  [
    'a value of an enum in input added',
    'type Query { a(e: E): Int } enum E { X }',
    'type Query { a(e: E): Int } enum E { X Y }',
    ['note ENUM_VALUE_ADDED E.Y'],
  ],
  [
    'values in another order',
    'type Query { a: E } enum E { X Y }',
    'type Query { a: E } enum E { Y X }',
    [],
  ],
  ['a member of a union removed', union('B | C'), union('B'), ['error UNION_MEMBER_REMOVED U']],
  ['a member of a union added', union('B'), union('B | C'), ['warning UNION_MEMBER_ADDED U']],
  [
    'an interface no longer implemented',
    implementing('implements I'),
    implementing(''),
    ['error INTERFACE_REMOVED B'],
  ],
  [
    'an interface implemented',
    implementing(''),
    implementing('implements I'),
    ['warning INTERFACE_ADDED B'],
  ],
];

const directives: readonly Edit[] = [
  ['a directive removed', `${q} directive @d on FIELD`, q, ['error DIRECTIVE_REMOVED @d']],
  ['a directive added', q, `${q} directive @d on FIELD`, ['note DIRECTIVE_ADDED @d']],
  [
    'a place of a directive removed',
    `${q} directive @d on FIELD | QUERY`,
    `${q} directive @d on FIELD`,
    ['error DIRECTIVE_LOCATION_REMOVED @d'],
  ],
  [
    'a place of a directive added',
    `${q} directive @d on FIELD`,
    `${q} directive @d on FIELD | QUERY`,
    ['note DIRECTIVE_LOCATION_ADDED @d'],
  ],
  [
    'a directive no longer repeatable',
    `${q} directive @d repeatable on FIELD`,
    `${q} directive @d on FIELD`,
    ['error DIRECTIVE_NO_LONGER_REPEATABLE @d'],
  ],
  [
    'a directive repeatable',
    `${q} directive @d on FIELD`,
    `${q} directive @d repeatable on FIELD`,
    ['note DIRECTIVE_REPEATABLE @d'],
  ],
  [
    'an argument of a directive removed',
    `${q} directive @d(x: Int) on FIELD`,
    `${q} directive @d on FIELD`,
    ['error ARGUMENT_REMOVED @d(x:)'],
  ],
  [
    'an argument of a directive required',
    `${q} directive @d on FIELD`,
    `${q} directive @d(x: Int!) on FIELD`,
    ['error REQUIRED_ARGUMENT_ADDED @d(x:)'],
  ],
  [
    'a default of a directive removed',
    `${q} directive @d(x: Int! = 1) on FIELD`,
    `${q} directive @d(x: Int!) on FIELD`,
    ['error ARGUMENT_DEFAULT_REMOVED @d(x:)'],
  ],
  ['a directive for schemas alone', `${q} directive @d on OBJECT`, q, []],
];

const words: readonly Edit[] = [
  [
    'a field deprecated',
    q,
    'type Query { a: Int @deprecated(reason: "x 2026-01-01") }',
    ['note DEPRECATION_ADDED Query.a'],
  ],
  [
    'a field no longer deprecated',
    'type Query { a: Int @deprecated(reason: "x") }',
    q,
    ['note DEPRECATION_REMOVED Query.a'],
  ],
  [
    'another reason',
    'type Query { a: Int @deprecated(reason: "x") }',
    'type Query { a: Int @deprecated(reason: "y 2026-01-01") }',
    ['note DEPRECATION_REASON_CHANGED Query.a'],
  ],
  [
    'an argument deprecated',
    'type Query { a(x: Int): Int }',
    'type Query { a(x: Int @deprecated(reason: "2026-01-01")): Int }',
    ['note DEPRECATION_ADDED Query.a(x:)'],
  ],
  [
    'a description changed',
    '"One." type Query { a: Int }',
    '"Two." type Query { a: Int }',
    ['note DESCRIPTION_CHANGED Query'],
  ],
];

const hidden: readonly Edit[] = [
  [
    'a field hidden',
    'type Query { a: Int b: Int }',
    'type Query { a: Int b: Int @inaccessible }',
    ['error FIELD_REMOVED Query.b'],
  ],
  [
    'a field shown',
    'type Query { a: Int b: Int @inaccessible }',
    'type Query { a: Int b: Int }',
    ['note FIELD_ADDED Query.b'],
  ],
  [
    'a hidden field removed',
    'type Query { a: Int b: Int @inaccessible }',
    q,
    ['note SUPERGRAPH_CHANGED Query.b'],
  ],
  [
    'a hidden field of another type',
    'type Query { a: Int b: Int @inaccessible }',
    'type Query { a: Int b: String @inaccessible }',
    ['note SUPERGRAPH_CHANGED Query.b'],
  ],
  [
    'a hidden value removed',
    'type Query { a: E } enum E { X Y @inaccessible }',
    'type Query { a: E } enum E { X }',
    ['note SUPERGRAPH_CHANGED E.Y'],
  ],
];

const applied: readonly Edit[] = [
  [
    'a tag added',
    q,
    'type Query { a: Int @tag(name: "t") }',
    ['note APPLIED_DIRECTIVE_CHANGED Query.a'],
  ],
  [
    'a size of a list changed',
    'type Query { a: [Int] @listSize(assumedSize: 3) }',
    'type Query { a: [Int] @listSize(assumedSize: 4) }',
    ['note APPLIED_DIRECTIVE_CHANGED Query.a'],
  ],
  [
    'a weight removed of an argument',
    'type Query { a(x: Int @cost(weight: 3)): Int }',
    'type Query { a(x: Int): Int }',
    ['note APPLIED_DIRECTIVE_CHANGED Query.a(x:)'],
  ],
  [
    'tags in another order',
    'type Query { a: Int @tag(name: "t") @tag(name: "u") }',
    'type Query { a: Int @tag(name: "u") @tag(name: "t") }',
    [],
  ],
];

const entity = 'type P @key(fields: "id") { id: ID! x: Int }';
const stub = 'type P @key(fields: "id") { id: ID! y: Int }';
const owners: readonly Edit[] = [
  [
    'a field moved at once',
    { a: `type Query { p: P } ${entity}`, b: stub },
    {
      a: 'type Query { p: P } type P @key(fields: "id") { id: ID! }',
      b: 'type P @key(fields: "id") { id: ID! x: Int y: Int }',
    },
    ['warning FIELD_MOVED P.x'],
  ],
  [
    'a field moved by @override',
    { a: `type Query { p: P } ${entity}`, b: stub },
    {
      a: `type Query { p: P } ${entity}`,
      b: 'type P @key(fields: "id") { id: ID! x: Int @override(from: "a") y: Int }',
    },
    ['note FIELD_MOVED P.x', 'note OVERRIDDEN_FIELD_CAN_BE_REMOVED -', 'note OVERRIDE_CHANGED P.x'],
  ],
  [
    'a move by @override ended',
    {
      a: `type Query { p: P } ${entity}`,
      b: 'type P @key(fields: "id") { id: ID! x: Int @override(from: "a") y: Int }',
    },
    {
      a: 'type Query { p: P } type P @key(fields: "id") { id: ID! }',
      b: 'type P @key(fields: "id") { id: ID! x: Int y: Int }',
    },
    ['note OVERRIDE_CHANGED P.x'],
  ],
  [
    'a move by @override that goes on',
    {
      a: `type Query { p: P } ${entity}`,
      b: 'type P @key(fields: "id") { id: ID! x: Int @override(from: "a", label: "percent(10)") y: Int }',
    },
    {
      a: `type Query { p: P } ${entity}`,
      b: 'type P @key(fields: "id") { id: ID! x: Int @override(from: "a", label: "percent(50)") y: Int }',
    },
    ['note OVERRIDE_CHANGED P.x'],
  ],
  [
    'a field shared by one more',
    { a: 'type Query { p: V } type V @shareable { x: Int }', b: 'type Query { r: Int }' },
    {
      a: 'type Query { p: V } type V @shareable { x: Int }',
      b: 'type Query { r: Int v: V } type V @shareable { x: Int }',
    },
    ['note FIELD_ADDED Query.v', 'note FIELD_OWNERS_CHANGED V.x'],
  ],
  [
    'one of two keys removed',
    {
      a: `type Query { p: P } ${entity}`,
      b: 'type P @key(fields: "id") @key(fields: "sku") { id: ID! sku: ID! y: Int }',
    },
    {
      a: `type Query { p: P } ${entity}`,
      b: 'type P @key(fields: "id") { id: ID! sku: ID! y: Int }',
    },
    ['warning KEY_REMOVED P'],
  ],
  [
    'an entity no longer resolvable',
    { a: `type Query { p: P } ${entity}`, b: 'type P @key(fields: "id") { id: ID! }' },
    {
      a: `type Query { p: P } ${entity}`,
      b: 'type P @key(fields: "id", resolvable: false) { id: ID! }',
    },
    ['error ENTITY_NOT_RESOLVABLE P'],
  ],
  [
    'a subgraph added',
    { a: q },
    { a: q, b: 'type Query { b: Int }' },
    ['note FIELD_ADDED Query.b', 'note SUBGRAPH_ADDED -'],
  ],
  [
    'a subgraph removed',
    { a: q, b: 'type Query { b: Int }' },
    { a: q },
    ['error FIELD_REMOVED Query.b', 'warning SUBGRAPH_REMOVED -'],
  ],
];

const accessRules: readonly Edit[] = [
  [
    '@authenticated removed from a field',
    'type Query { a: Int @authenticated }',
    q,
    ['error ACCESS_LOOSENED Query.a'],
  ],
  [
    '@authenticated added to a field',
    q,
    'type Query { a: Int @authenticated }',
    ['warning ACCESS_TIGHTENED Query.a'],
  ],
  [
    '@authenticated removed from a type',
    'type Query { b: B } type B @authenticated { x: Int }',
    'type Query { b: B } type B { x: Int }',
    ['error ACCESS_LOOSENED B'],
  ],
  [
    'one scope of two removed',
    'type Query { a: Int @requiresScopes(scopes: [["x", "y"]]) }',
    'type Query { a: Int @requiresScopes(scopes: [["x"]]) }',
    ['error ACCESS_LOOSENED Query.a'],
  ],
  [
    'another way to fulfil scopes',
    'type Query { a: Int @requiresScopes(scopes: [["x"]]) }',
    'type Query { a: Int @requiresScopes(scopes: [["x"], ["y"]]) }',
    ['error ACCESS_LOOSENED Query.a'],
  ],
  [
    'one scope more',
    'type Query { a: Int @requiresScopes(scopes: [["x"]]) }',
    'type Query { a: Int @requiresScopes(scopes: [["x", "y"]]) }',
    ['warning ACCESS_TIGHTENED Query.a'],
  ],
  [
    'scopes in another order',
    'type Query { a: Int @requiresScopes(scopes: [["x", "y"], ["z"]]) }',
    'type Query { a: Int @requiresScopes(scopes: [["z"], ["y", "x"]]) }',
    [],
  ],
  [
    'a policy for another',
    'type Query { a: Int @policy(policies: [["p"]]) }',
    'type Query { a: Int @policy(policies: [["r"]]) }',
    ['error ACCESS_LOOSENED Query.a'],
  ],
  [
    'a requirement moved from the field to its parent',
    'type Query { b: B } type B { x: Int @authenticated }',
    'type Query { b: B } type B @authenticated { x: Int }',
    ['warning ACCESS_TIGHTENED B'],
  ],
  [
    'a requirement removed of a type that is reached through an interface',
    'type Query { i: I } interface I { x: Int } type B implements I @authenticated { x: Int } type C implements I { x: Int }',
    'type Query { i: I } interface I { x: Int } type B implements I { x: Int } type C implements I { x: Int }',
    ['error ACCESS_LOOSENED B'],
  ],
  [
    'a new way to a type that was behind a requirement',
    'type Query { me: User @authenticated } type User { name: String }',
    'type Query { me: User @authenticated users: User } type User { name: String }',
    ['error ACCESS_LOOSENED Query.users', 'note FIELD_ADDED Query.users'],
  ],
  [
    'a new way through an interface',
    'type Query { me: User @authenticated n: N } interface N { id: ID } type User { id: ID } type X implements N { id: ID }',
    'type Query { me: User @authenticated n: N } interface N { id: ID } type User implements N { id: ID } type X implements N { id: ID }',
    ['error ACCESS_LOOSENED Query.n', 'warning INTERFACE_ADDED User'],
  ],
  [
    'a new way that requires the same',
    'type Query { me: User @authenticated } type User { name: String }',
    'type Query { me: User @authenticated users: User @authenticated } type User { name: String }',
    ['note FIELD_ADDED Query.users'],
  ],
  [
    'a new way to a type that requires it itself',
    'type Query { me: User } type User @authenticated { name: String }',
    'type Query { me: User users: User } type User @authenticated { name: String }',
    ['note FIELD_ADDED Query.users'],
  ],
];

const all = [
  ...[...types, ...fields, ...args, ...inputs, ...members],
  ...[...directives, ...words, ...hidden, ...applied, ...owners, ...accessRules],
];

describe('check: an edit and what is found', () => {
  it('has many edits', () => {
    expect(all.length).toBeGreaterThan(80);
  });

  it.each(all)('%s', async (_what, before, after, expected) => {
    const findings = await findingsBetween(before, after);
    const found = findings.filter(({ code }) => !code.startsWith('LINT_')).map(summaryOf);
    expect(found.sort()).toEqual([...expected].sort());
    for (const { code, coordinate, place, fix } of findings) {
      expect(fix).not.toBe('');
      if (coordinate !== undefined) expect([code, place?.line]).toEqual([code, 2]);
    }
  });
});

describe('check: an alias that breaks', () => {
  const before = 'type Query { a(id: ID!): U } union U = B | C type B { x: Int } type C { y: Int }';
  const after = before.replace('x: Int', 'x: Int!');

  it('shows an operation that is refused because of it', async () => {
    const findings = await findingsBetween(before, after);
    expect(findings.find(({ code }) => code === 'FIELD_ALIAS_CONFLICT')).toMatchObject({
      message:
        'The field B.x returns Int!, and C.y returns Int: operations that give both one alias in fragments are refused.',
      details: [
        'for example: query ($id: ID!) { a(id: $id) { ... on B { same: x } ... on C { same: y } } }',
      ],
    });
  });

  it.each([
    [
      'breaking where a known operation has it',
      '{ a(id: 1) { ... on B { v: x } ... on C { v: y } } }',
      ['error OPERATION_BROKEN -', 'warning FIELD_ALIAS_CONFLICT B.x'],
    ],
    [
      'a warning where a known operation does not',
      '{ a(id: 1) { ... on B { v: x } ... on C { y } } }',
      ['warning FIELD_ALIAS_CONFLICT B.x'],
    ],
  ])('is %s', async (_what, operation, expected) => {
    const findings = await findingsBetween(before, after, [operation]);
    expect(findings.map(summaryOf).filter((each) => /CONFLICT|BROKEN/.test(each))).toEqual(
      expected,
    );
  });
});

const d = '"D."';
const style: readonly Edit[] = [
  [
    'names as usual',
    q,
    `type Query { a: Int ${d} newField(${d} anArgument: Int): NewType } ${d} type NewType { ${d} e: E } ${d} enum E { ${d} ONE_TWO }`,
    [],
  ],
  [
    'a type with a small letter',
    q,
    `${q} ${d} type small { ${d} x: Int }`,
    ['warning LINT_NAMING small'],
  ],
  [
    'a field with underscores',
    q,
    `type Query { a: Int ${d} a_b: Int }`,
    ['warning LINT_NAMING Query.a_b'],
  ],
  [
    'an argument with a capital letter',
    q,
    `type Query { a(${d} X: Int): Int }`,
    ['warning LINT_NAMING Query.a(X:)'],
  ],
  [
    'an enum value with small letters',
    q,
    `${q} ${d} enum E { ${d} one }`,
    ['warning LINT_NAMING E.one'],
  ],
  ['an old name that is not as usual', 'type Query { a_b: Int }', 'type Query { a_b: Int }', []],
  [
    'a new field without a description',
    q,
    'type Query { a: Int b: Int }',
    ['warning LINT_DESCRIPTION Query.b'],
  ],
  [
    'a changed field without a description',
    q,
    'type Query { a: Int! }',
    ['warning LINT_DESCRIPTION Query.a'],
  ],
  [
    'a new list of any length',
    q,
    `type Query { a: Int ${d} b: [Int] }`,
    ['warning LINT_UNBOUNDED_LIST Query.b'],
  ],
  ['a new list with an argument', q, `type Query { a: Int ${d} b(${d} first: Int): [Int] }`, []],
  [
    'a new list with @listSize',
    q,
    `type Query { a: Int ${d} b: [Int] @listSize(assumedSize: 3) }`,
    [],
  ],
  [
    'a new list whose parent is sized',
    q,
    `type Query { a: Int ${d} b(${d} page: Int): C @listSize(slicingArguments: ["page"], sizedFields: ["nodes"]) } ${d} type C { ${d} nodes: [Int] }`,
    [],
  ],
  [
    'an old list of any length that is described',
    'type Query { b: [Int] }',
    'type Query { "D." b: [Int] }',
    [],
  ],
  ['an old list of any length', 'type Query { b: [Int] }', 'type Query { b: [Int] }', []],
  [
    'a deprecation with reason and date',
    `type Query { ${d} a: Int }`,
    `type Query { ${d} a: Int @deprecated(reason: "Use b until 2027-01-01.") }`,
    [],
  ],
  [
    'a deprecation without a date',
    `type Query { ${d} a: Int }`,
    `type Query { ${d} a: Int @deprecated(reason: "Use b.") }`,
    ['warning LINT_DEPRECATION Query.a'],
  ],
  [
    'a deprecation without a reason',
    `type Query { ${d} a: Int }`,
    `type Query { ${d} a: Int @deprecated }`,
    ['warning LINT_DEPRECATION Query.a'],
  ],
  [
    'a removal of what was deprecated',
    'type Query { a: Int b: Int @deprecated(reason: "Goes 2026-11-28.") }',
    q,
    [],
  ],
  [
    'a removal before its day',
    'type Query { a: Int b: Int @deprecated(reason: "Goes 2026-11-29.") }',
    q,
    ['warning LINT_REMOVAL Query.b'],
  ],
  [
    'a removal without a deprecation',
    'type Query { a: Int b(x: Int): Int }',
    q,
    ['warning LINT_REMOVAL Query.b'],
  ],
];

describe('check: style of what changed', () => {
  it.each(style)('%s', async (_what, before, after, expected) => {
    const findings = await findingsBetween(before, after);
    const found = findings.filter(({ code }) => code.startsWith('LINT_')).map(summaryOf);
    expect(found.sort()).toEqual([...expected].sort());
  });
});

describe('check: plans and cost of known operations', () => {
  const shop = (provides: string): Schemas => ({
    users: 'type Query { me: User } type User @key(fields: "id") { id: ID! }',
    orders: `type User @key(fields: "id") { id: ID! order: Order } type Order { product: Product ${provides} } type Product @key(fields: "id") { id: ID! sku: String ${provides === '' ? '' : '@external'} }`,
    products: 'type Product @key(fields: "id") { id: ID! sku: String @shareable name: String }',
  });

  it('says that an operation needs one more step, with both plans', async () => {
    const before = shop('@provides(fields: "sku")');
    const after = {
      ...shop('@provides(fields: "sku")'),
      orders:
        before.orders
          ?.replace(' @provides(fields: "sku")', '')
          .replace(' sku: String @external', '') ?? '',
    };
    const operation = 'query Mine { me { order { product { sku } } } }';
    const [finding] = await findingsBetween(before, after, [operation, 'query Id { me { id } }']);
    expect(finding).toMatchObject({
      code: 'PLAN_REGRESSION',
      severity: 'error',
      message: 'The operation Mine needs 3 steps and 3 requests to subgraphs; it needed 2 and 2.',
      operations: [{ name: 'Mine' }],
    });
    expect(finding?.details.slice(0, 2)).toEqual([
      'before: users → orders at me',
      'now:    users → orders at me → products at me.order.product',
    ]);
  });

  it('only warns of more requests in as many steps', async () => {
    const before = { a: 'type Query { x: Int y: Int }', b: 'type Query { z: Int }' };
    const after = { a: 'type Query { x: Int }', b: 'type Query { z: Int y: Int }' };
    const findings = await findingsBetween(before, after, ['query Both { x y }']);
    expect(findings.filter(({ code }) => code === 'PLAN_REGRESSION').map(summaryOf)).toEqual([
      'warning PLAN_REGRESSION -',
    ]);
  });

  it('says nothing of plans that get better', async () => {
    const before = { a: 'type Query { x: Int }', b: 'type Query { z: Int y: Int }' };
    const after = { a: 'type Query { x: Int y: Int }', b: 'type Query { z: Int }' };
    const findings = await findingsBetween(before, after, ['query Both { x y }']);
    expect(findings.map(({ code }) => code)).not.toContain('PLAN_REGRESSION');
  });

  it('says that an operation costs more than is allowed', async () => {
    const schema = (size: number): string =>
      `type Query { a: [B] @listSize(assumedSize: ${size}) } type B { c: [B] @listSize(assumedSize: ${size}) x: Int }`;
    const operation = 'query Deep { a { c { c { x } } } }';
    const codes = async (before: number, after: number): Promise<readonly string[]> => {
      const findings = await findingsBetween(schema(before), schema(after), [operation]);
      return findings.filter(({ code }) => code === 'COST_OVER_LIMIT').map(summaryOf);
    };
    expect(await codes(2, 3)).toEqual([]);
    expect(await codes(2, 100)).toEqual(['error COST_OVER_LIMIT -']);
    expect(await codes(100, 101)).toEqual(['warning COST_OVER_LIMIT -']);
  });
});

function summaryOf({ severity, code, coordinate = '-' }: Finding): string {
  return `${severity} ${code} ${coordinate}`;
}

function input(fields: string): string {
  return `type Query { a(i: I): Int } input I { ${fields} }`;
}

function union(types: string): string {
  return `type Query { a: U c: C } union U = ${types} type B { x: Int } type C { y: Int }`;
}

function implementing(clause: string): string {
  return `type Query { a: I b: B } interface I { x: Int } type B ${clause} { x: Int } type C implements I { x: Int }`;
}
