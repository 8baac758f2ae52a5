import { eventDirectiveSdl } from '../../common/event-directive.ts';
import type { Schemas } from './composed-folder.ts';

const names = [
  ...['@key', '@shareable', '@external', '@requires', '@provides', '@override', '@inaccessible'],
  ...['@tag', '@composeDirective', '@interfaceObject'],
];
const link = linkOf('v2.9', names);

/** What is followed: schemas that do not compose, and the same after the advice. */
export interface Advice {
  readonly code: string;
  /** A part of the advice that is followed. */
  readonly fix: string;
  readonly before: Schemas;
  readonly after: Schemas;
  /** What the advice renames or makes something else of, besides. */
  readonly replaced?: readonly string[];
  /** What must be in the supergraph, besides what the API has. */
  readonly kept?: string;
}

const query = 'type Query { a: A }';
const entity = 'type A @key(fields: "id") { id: ID! x: Int }';

function subscribedTo(channel: string): string {
  return `${link} extend schema @link(url: "https://supergraph-gateway.dev/event/v1.0", import: ["@event"]) @composeDirective(name: "@event")
    ${eventDirectiveSdl}
    type Subscription { changed(id: ID!): A @event(channel: "${channel}") }
    type A @key(fields: "id", resolvable: false) { id: ID! }`;
}

/** The advice that composition prints, each with an example. */
export const advice: readonly Advice[] = [
  {
    code: 'INVALID_GRAPHQL',
    fix: 'Add the directive to the `import` list',
    before: { a: `${linkOf('v2.9', ['@key'])} type Query { a: Int b: Int @inaccessible }` },
    after: {
      a: `${linkOf('v2.9', ['@key', '@inaccessible'])} type Query { a: Int b: Int @inaccessible }`,
    },
    replaced: ['Query.b'],
  },
  {
    code: 'INVALID_GRAPHQL',
    fix: 'name it in @composeDirective',
    before: { a: `${link} type Query { a: Int @mine }` },
    after: {
      a: `${link} extend schema @link(url: "https://example.com/mine/v1.0", import: ["@mine"]) @composeDirective(name: "@mine")
        directive @mine on FIELD_DEFINITION type Query { a: Int @mine }`,
    },
    kept: '@mine',
  },
  {
    code: 'INVALID_GRAPHQL',
    fix: 'Define the type in this subgraph (a stub with @key for an entity of another)',
    before: { a: `${link} ${query} ${entity}`, b: `${link} type Query { b: A }` },
    after: {
      a: `${link} ${query} ${entity}`,
      b: `${link} type Query { b: A } type A @key(fields: "id", resolvable: false) { id: ID! }`,
    },
  },
  {
    code: 'INVALID_GRAPHQL',
    fix: 'Make one definition of the two',
    before: { a: `${link} type Query { a: A } type A { x: Int } type A { y: Int }` },
    after: { a: `${link} type Query { a: A } type A { x: Int y: Int }` },
  },
  {
    code: 'INVALID_GRAPHQL',
    fix: 'Make one definition of the two',
    before: { a: `${link} type Query { a: A } enum A { X X Y }` },
    after: { a: `${link} type Query { a: A } enum A { X Y }` },
  },
  {
    code: 'ONE_OF_NOT_KEPT',
    fix: 'Give each member a field of its own',
    before: {
      a: `${link} type Query { user(by: By!): Int } input By @oneOf { id: ID email: String }`,
    },
    after: { a: `${link} type Query { userById(id: ID!): Int userByEmail(email: String!): Int }` },
    replaced: ['Query.user', 'Query.user(by:)', 'By', 'By.id', 'By.email'],
  },
  {
    code: 'REQUIRED_FEATURE_UNKNOWN',
    fix: 'remove its `for`',
    before: {
      a: `${link} extend schema @link(url: "https://example.com/mine/v1.0", import: ["@mine"], for: EXECUTION) @composeDirective(name: "@mine")
        directive @mine on FIELD_DEFINITION type Query { a: Int @mine }`,
    },
    after: {
      a: `${link} extend schema @link(url: "https://example.com/mine/v1.0", import: ["@mine"]) @composeDirective(name: "@mine")
        directive @mine on FIELD_DEFINITION type Query { a: Int @mine }`,
    },
    kept: '@mine',
  },
  {
    code: 'EVENT_INVALID',
    fix: 'Name one of its arguments: id',
    before: { a: `${link} ${query} ${entity}`, b: subscribedTo('a.{args.key}') },
    after: { a: `${link} ${query} ${entity}`, b: subscribedTo('a.{args.id}') },
    kept: '@event',
  },
  {
    code: 'KEY_MISSING',
    fix: 'Add @key(fields: "id") to "A" in "b"',
    before: { a: `${link} ${query} ${entity}`, b: `${link} type A { id: ID! y: Int }` },
    after: {
      a: `${link} ${query} ${entity}`,
      b: `${link} type A @key(fields: "id") { id: ID! y: Int }`,
    },
  },
  {
    code: 'SATISFIABILITY_ERROR',
    fix: 'Give the entity a @key that both subgraphs can resolve',
    before: {
      a: `${link} ${query} ${entity}`,
      b: `${link} type A @key(fields: "sku") { sku: ID! y: Int }`,
    },
    after: {
      a: `${link} ${query} ${entity}`,
      b: `${link} type A @key(fields: "sku") @key(fields: "id") { id: ID! sku: ID! y: Int }`,
    },
  },
  {
    code: 'EXTERNAL_UNUSED',
    fix: 'Remove the @external field',
    before: {
      a: `${link} ${query} ${entity}`,
      b: `${link} type A @key(fields: "id") { id: ID! x: Int @external y: Int }`,
    },
    after: {
      a: `${link} ${query} ${entity}`,
      b: `${link} type A @key(fields: "id") { id: ID! y: Int }`,
    },
  },
  {
    code: 'EXTERNAL_UNUSED',
    fix: 'or use it in a @requires',
    before: {
      a: `${link} ${query} ${entity}`,
      b: `${link} type A @key(fields: "id") { id: ID! x: Int @external y: Int }`,
    },
    after: {
      a: `${link} ${query} ${entity}`,
      b: `${link} type A @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x") }`,
    },
  },
  {
    code: 'INVALID_FIELD_SHARING',
    fix: 'mark it @shareable in all',
    before: { a: `${link} ${query} ${entity}`, b: `${link} ${entity}` },
    after: twice(
      `${link} ${query} type A @key(fields: "id") { id: ID! x: Int @shareable }`,
      `${link} type A @key(fields: "id") { id: ID! x: Int @shareable }`,
    ),
  },
  {
    code: 'INVALID_FIELD_SHARING',
    fix: 'move it with @override(from:)',
    before: { a: `${link} ${query} ${entity}`, b: `${link} ${entity}` },
    after: {
      a: `${link} ${query} ${entity}`,
      b: `${link} type A @key(fields: "id") { id: ID! x: Int @override(from: "a") }`,
    },
  },
  {
    code: 'INVALID_SHAREABLE_USAGE',
    fix: 'Remove @shareable here',
    before: {
      a: `${link} ${query} interface A { x: Int @shareable } type B implements A { x: Int }`,
    },
    after: { a: `${link} ${query} interface A { x: Int } type B implements A { x: Int }` },
  },
  {
    code: 'FIELD_TYPE_MISMATCH',
    fix: 'Give the field the same type in all subgraphs',
    before: twice(
      `${link} type Query { a: Int @shareable }`,
      `${link} type Query { a: String @shareable }`,
    ),
    after: twice(
      `${link} type Query { a: Int! @shareable }`,
      `${link} type Query { a: Int @shareable }`,
    ),
  },
  {
    code: 'FIELD_ARGUMENT_TYPE_MISMATCH',
    fix: 'Give the argument the same type in all subgraphs',
    before: twice(
      `${link} type Query { a(x: Int): Int @shareable }`,
      `${link} type Query { a(x: String): Int @shareable }`,
    ),
    after: twice(
      `${link} type Query { a(x: Int): Int @shareable }`,
      `${link} type Query { a(x: Int): Int @shareable }`,
    ),
  },
  {
    code: 'FIELD_ARGUMENT_DEFAULT_MISMATCH',
    fix: 'Give the argument the same default in all subgraphs',
    before: twice(
      `${link} type Query { a(x: Int = 1): Int @shareable }`,
      `${link} type Query { a(x: Int = 2): Int @shareable }`,
    ),
    after: twice(
      `${link} type Query { a(x: Int = 1): Int @shareable }`,
      `${link} type Query { a(x: Int = 1): Int @shareable }`,
    ),
  },
  {
    code: 'INPUT_FIELD_DEFAULT_MISMATCH',
    fix: 'Give the input field the same default in all subgraphs',
    before: twice(
      `${link} type Query { a(i: I): Int } input I { x: Int = 1 }`,
      `${link} type Query { b(i: I): Int } input I { x: Int = 2 }`,
    ),
    after: twice(
      `${link} type Query { a(i: I): Int } input I { x: Int = 1 }`,
      `${link} type Query { b(i: I): Int } input I { x: Int = 1 }`,
    ),
  },
  {
    code: 'EXTERNAL_TYPE_MISMATCH',
    fix: 'Give the @external field the type it has where it is resolved',
    before: {
      a: `${link} ${query} ${entity}`,
      b: `${link} type A @key(fields: "id") { id: ID! x: String @external y: Int @requires(fields: "x") }`,
    },
    after: {
      a: `${link} ${query} ${entity}`,
      b: `${link} type A @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x") }`,
    },
  },
  {
    code: 'EXTERNAL_MISSING_ON_BASE',
    fix: 'Define the field in the subgraph that resolves it',
    before: {
      a: `${link} ${query} type A @key(fields: "id") { id: ID! }`,
      b: `${link} type A @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x") }`,
    },
    after: {
      a: `${link} ${query} ${entity}`,
      b: `${link} type A @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x") }`,
    },
  },
  {
    code: 'TYPE_KIND_MISMATCH',
    fix: 'or rename one of them',
    before: twice(
      `${link} type Query { a: A } type A { x: Int }`,
      `${link} type Query { b: A } enum A { Y }`,
    ),
    after: twice(
      `${link} type Query { a: A } type A { x: Int }`,
      `${link} type Query { b: B } enum B { Y }`,
    ),
    replaced: ['A.Y'],
  },
  {
    code: 'ENUM_VALUE_MISMATCH',
    fix: 'Give the enum the same values in all subgraphs',
    before: twice(
      `${link} type Query { a(e: E): E } enum E { X Y }`,
      `${link} type Query { b: E } enum E { X }`,
    ),
    after: twice(
      `${link} type Query { a(e: E): E } enum E { X Y }`,
      `${link} type Query { b: E } enum E { X Y }`,
    ),
  },
  {
    code: 'EMPTY_MERGED_ENUM_TYPE',
    fix: 'at least one value that all subgraphs have',
    before: twice(
      `${link} type Query { a(e: E): Int } enum E { X }`,
      `${link} type Query { b(e: E): Int } enum E { Y }`,
    ),
    after: twice(
      `${link} type Query { a(e: E): Int } enum E { X Y }`,
      `${link} type Query { b(e: E): Int } enum E { X Y }`,
    ),
  },
  {
    code: 'EMPTY_MERGED_INPUT_TYPE',
    fix: 'at least one field that all subgraphs have',
    before: twice(
      `${link} type Query { a(i: I): Int } input I { x: Int }`,
      `${link} type Query { b(i: I): Int } input I { y: Int }`,
    ),
    after: twice(
      `${link} type Query { a(i: I): Int } input I { x: Int y: Int }`,
      `${link} type Query { b(i: I): Int } input I { x: Int y: Int }`,
    ),
  },
  {
    code: 'REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH',
    fix: 'Add the argument in all subgraphs',
    before: twice(
      `${link} type Query { a(x: Int!): Int @shareable }`,
      `${link} type Query { a: Int @shareable }`,
    ),
    after: twice(
      `${link} type Query { a(x: Int!): Int @shareable }`,
      `${link} type Query { a(x: Int!): Int @shareable }`,
    ),
  },
  {
    code: 'REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH',
    fix: 'Add the input field in all subgraphs',
    before: twice(
      `${link} type Query { a(i: I): Int } input I { x: Int! y: Int }`,
      `${link} type Query { b(i: I): Int } input I { y: Int }`,
    ),
    after: twice(
      `${link} type Query { a(i: I): Int } input I { x: Int! y: Int }`,
      `${link} type Query { b(i: I): Int } input I { x: Int! y: Int }`,
    ),
  },
  {
    code: 'KEY_INVALID_FIELDS',
    fix: 'Name fields that the type has',
    before: { a: `${link} ${query} type A @key(fields: "nope") { id: ID! }` },
    after: { a: `${link} ${query} type A @key(fields: "id") { id: ID! }` },
  },
  {
    code: 'KEY_INVALID_FIELDS_TYPE',
    fix: 'Write the fields of the @key as one text',
    before: { a: `${link} ${query} type A @key(fields: ["id"]) { id: ID! }` },
    after: { a: `${link} ${query} type A @key(fields: "id") { id: ID! }` },
  },
  {
    code: 'KEY_FIELDS_HAS_ARGS',
    fix: 'Choose a @key field without arguments',
    before: { a: `${link} ${query} type A @key(fields: "x") { id: ID! x(n: Int): Int }` },
    after: { a: `${link} ${query} type A @key(fields: "id") { id: ID! x(n: Int): Int }` },
  },
  {
    code: 'KEY_FIELDS_SELECT_INVALID_TYPE',
    fix: 'neither unions nor interfaces',
    before: {
      a: `${link} ${query} type A @key(fields: "u") { id: ID! u: U } union U = B type B { x: Int }`,
    },
    after: {
      a: `${link} ${query} type A @key(fields: "id") { id: ID! u: U } union U = B type B { x: Int }`,
    },
  },
  {
    code: 'REQUIRES_INVALID_FIELDS',
    fix: 'Name fields of the same type in @requires',
    before: {
      a: `${link} ${query} ${entity}`,
      b: `${link} type A @key(fields: "id") { id: ID! y: Int @requires(fields: "nope") }`,
    },
    after: {
      a: `${link} ${query} ${entity}`,
      b: `${link} type A @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x") }`,
    },
  },
  {
    code: 'REQUIRES_FIELDS_MISSING_EXTERNAL',
    fix: 'Mark the fields that @requires names as @external',
    before: {
      a: `${link} ${query} ${entity}`,
      b: `${link} type A @key(fields: "id") { id: ID! x: Int y: Int @requires(fields: "x") }`,
    },
    after: {
      a: `${link} ${query} ${entity}`,
      b: `${link} type A @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x") }`,
    },
  },
  {
    code: 'PROVIDES_INVALID_FIELDS',
    fix: 'Name fields of the returned type in @provides',
    before: {
      a: `${link} ${query} ${entity}`,
      b: `${link} type Query { b: A @provides(fields: "nope") } type A @key(fields: "id") { id: ID! }`,
    },
    after: {
      a: `${link} ${query} type A @key(fields: "id") { id: ID! x: Int @shareable }`,
      b: `${link} type Query { b: A @provides(fields: "x") } type A @key(fields: "id") { id: ID! x: Int @external }`,
    },
  },
  {
    code: 'PROVIDES_FIELDS_MISSING_EXTERNAL',
    fix: 'Mark the fields that @provides names as @external',
    before: {
      a: `${link} ${query} type A @key(fields: "id") { id: ID! x: Int @shareable }`,
      b: `${link} type Query { b: A @provides(fields: "x") } type A @key(fields: "id") { id: ID! x: Int @shareable }`,
    },
    after: {
      a: `${link} ${query} type A @key(fields: "id") { id: ID! x: Int @shareable }`,
      b: `${link} type Query { b: A @provides(fields: "x") } type A @key(fields: "id") { id: ID! x: Int @external }`,
    },
  },
  {
    code: 'PROVIDES_ON_NON_OBJECT_FIELD',
    fix: 'Put @provides on a field that returns an object type',
    before: {
      a: `${link} ${query} type A @key(fields: "id") { id: ID! x: Int @provides(fields: "id") }`,
    },
    after: { a: `${link} ${query} type A @key(fields: "id") { id: ID! x: Int }` },
  },
  {
    code: 'OVERRIDE_FROM_SELF_ERROR',
    fix: 'Name another subgraph in @override(from:)',
    before: {
      a: `${link} ${query} ${entity}`,
      b: `${link} type A @key(fields: "id") { id: ID! x: Int @override(from: "b") }`,
    },
    after: {
      a: `${link} ${query} ${entity}`,
      b: `${link} type A @key(fields: "id") { id: ID! x: Int @override(from: "a") }`,
    },
  },
  {
    code: 'NO_QUERIES',
    fix: 'Define `type Query` with at least one field',
    before: { a: `${link} ${entity}` },
    after: { a: `${link} ${query} ${entity}` },
  },
  {
    code: 'ROOT_QUERY_USED',
    fix: 'or make it the query root',
    before: { a: `${link} schema { query: Root } type Root { a: Int } type Query { b: Int }` },
    after: {
      a: `${link} schema { query: Query } type Root { a: Int } type Query { b: Int root: Root }`,
    },
  },
  {
    code: 'ROOT_MUTATION_USED',
    fix: 'Rename the type "Mutation"',
    before: {
      a: `${link} schema { query: Query mutation: M } type Query { a: Mutation } type M { a: Int } type Mutation { b: Int }`,
    },
    after: {
      a: `${link} schema { query: Query mutation: M } type Query { a: Change } type M { a: Int } type Change { b: Int }`,
    },
    replaced: ['M', 'M.a', 'Mutation.b'],
  },
  {
    code: 'UNKNOWN_FEDERATION_LINK_VERSION',
    fix: 'Use a version of Federation that is known here',
    before: { a: `${linkOf('v2.99', ['@key'])} ${query} ${entity}` },
    after: { a: `${linkOf('v2.9', ['@key'])} ${query} ${entity}` },
  },
  {
    code: 'INVALID_LINK_DIRECTIVE_USAGE',
    fix: 'an `import` list of names that the specification has',
    before: { a: `${linkOf('v2.9', ['@key', '@nope'])} ${query} ${entity}` },
    after: { a: `${linkOf('v2.9', ['@key'])} ${query} ${entity}` },
  },
  {
    code: 'REFERENCED_INACCESSIBLE',
    fix: 'or the type accessible',
    before: { a: `${link} ${query} type A @inaccessible { x: Int }` },
    after: { a: `${link} ${query} type A { x: Int }` },
  },
  {
    code: 'ONLY_INACCESSIBLE_CHILDREN',
    fix: 'leave one of its members accessible',
    before: { a: `${link} ${query} type A { x: Int @inaccessible y: Int @inaccessible }` },
    after: { a: `${link} ${query} type A { x: Int y: Int @inaccessible }` },
    replaced: ['A.y'],
  },
  {
    code: 'REQUIRED_INACCESSIBLE',
    fix: 'Make the argument or input field optional',
    before: { a: `${link} type Query { a(x: Int! @inaccessible, y: Int): Int }` },
    after: { a: `${link} type Query { a(x: Int @inaccessible, y: Int): Int }` },
    replaced: ['Query.a(x:)'],
  },
  {
    code: 'INTERFACE_FIELD_NO_IMPLEM',
    fix: 'Add the field of the interface to each type that implements it',
    before: twice(
      `${link} type Query { i: I } interface I { x: Int y: Int } type A implements I @key(fields: "id") { id: ID! x: Int y: Int }`,
      `${link} interface I { x: Int } type B implements I { x: Int } type Query { b: B }`,
    ),
    after: twice(
      `${link} type Query { i: I } interface I { x: Int y: Int } type A implements I @key(fields: "id") { id: ID! x: Int y: Int }`,
      `${link} interface I { x: Int } type B implements I { x: Int y: Int } type Query { b: B }`,
    ),
  },
  {
    code: 'EXTENSION_WITH_NO_BASE',
    fix: 'Define the type in one of the subgraphs',
    before: {
      a: 'type Query { a: A } extend type A @key(fields: "id") { id: ID! @external x: Int }',
    },
    after: { a: 'type Query { a: A } type A @key(fields: "id") { id: ID! x: Int }' },
  },
  {
    code: 'TYPE_WITH_ONLY_UNUSED_EXTERNAL',
    fix: 'Remove @external from the fields that this subgraph resolves',
    before: twice(
      'type Query { a: A } type A { x: Int @external }',
      'type Query { b: A } type A { x: Int }',
    ),
    after: twice('type Query { a: A } type A { x: Int }', 'type Query { b: A } type A { x: Int }'),
  },
  {
    code: 'KEY_UNSUPPORTED_ON_INTERFACE',
    fix: 'Use federation v2.3 or later',
    before: {
      a: `${linkOf('v2.2', ['@key'])} type Query { i: I } interface I @key(fields: "id") { id: ID! } type A implements I @key(fields: "id") { id: ID! }`,
    },
    after: {
      a: `${linkOf('v2.3', ['@key'])} type Query { i: I } interface I @key(fields: "id") { id: ID! } type A implements I @key(fields: "id") { id: ID! }`,
    },
  },
  {
    code: 'OVERRIDE_SOURCE_HAS_OVERRIDE',
    fix: 'Keep the last @override',
    before: {
      a: `${link} ${query} ${entity}`,
      b: `${link} type A @key(fields: "id") { id: ID! x: Int @override(from: "a") y: Int }`,
      c: `${link} type A @key(fields: "id") { id: ID! x: Int @override(from: "b") }`,
    },
    after: {
      a: `${link} ${query} ${entity}`,
      b: `${link} type A @key(fields: "id") { id: ID! y: Int }`,
      c: `${link} type A @key(fields: "id") { id: ID! x: Int @override(from: "a") }`,
    },
  },
  {
    code: 'OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE',
    fix: 'Remove @external, @provides or @requires beside the @override',
    before: {
      a: `${link} ${query} ${entity}`,
      b: `${link} type A @key(fields: "id") { id: ID! x: Int @override(from: "a") @external y: Int @requires(fields: "x") }`,
    },
    after: {
      a: `${link} ${query} ${entity}`,
      b: `${link} type A @key(fields: "id") { id: ID! x: Int @override(from: "a") y: Int }`,
    },
  },
];

function twice(a: string, b: string): Schemas {
  return { a, b };
}

function linkOf(version: string, imports: readonly string[]): string {
  const list = imports.map((name) => `"${name}"`).join(', ');
  return `extend schema @link(url: "https://specs.apollo.dev/federation/${version}", import: [${list}])`;
}
