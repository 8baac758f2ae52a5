/** The fix for a composition error, in a sentence or two. */
export function fixFor(code: string, message: string): string {
  return (
    byMessage.find(([pattern]) => pattern.test(message))?.[1] ?? fixesByCode.get(code) ?? generalFix
  );
}

/** The fix when no better one is known. */
export const generalFix =
  'Change the definitions named above so that the subgraphs agree; Apollo documents the code under "Composition errors".';

/** INVALID_GRAPHQL covers many mistakes, so the fix depends on the message. */
const byMessage: readonly (readonly [RegExp, string])[] = [
  [
    /Unknown directive "@(key|shareable|external|requires|provides|override|inaccessible|tag|interfaceObject|composeDirective|authenticated|requiresScopes|policy|context|fromContext|cost|listSize)"/,
    'Add the directive to the `import` list of the @link at the head of the schema.',
  ],
  [
    /Unknown directive/,
    'Correct the name, or define the directive with `directive @… on …`. For the supergraph to have it, too, import it with a @link of your own and name it in @composeDirective.',
  ],
  [
    /Unknown type/,
    'Define the type in this subgraph (a stub with @key for an entity of another), or correct its name.',
  ],
  [
    /^Syntax Error/,
    'Correct the GraphQL at this place; what was expected and what stands there is said above.',
  ],
  [
    /already exists|[Tt]here can be only one|can only be defined once|only one schema definition/,
    'Make one definition of the two that says what both say.',
  ],
];

/** By Apollo Federation's error codes. */
export const fixesByCode: ReadonlyMap<string, string> = new Map([
  [
    'SATISFIABILITY_ERROR',
    'Give the entity a @key that both subgraphs can resolve, or let the field be resolved where the query comes from (@shareable, @provides).',
  ],
  [
    'EXTERNAL_UNUSED',
    'Remove the @external field, or use it in a @requires, @provides or @key of this subgraph.',
  ],
  [
    'TYPE_WITH_ONLY_UNUSED_EXTERNAL',
    'Remove @external from the fields that this subgraph resolves, or use them in a @requires, @provides or @key.',
  ],
  [
    'INVALID_FIELD_SHARING',
    'Keep the field in one subgraph, mark it @shareable in all, or move it with @override(from:). In the others it is @external when it is only an input. Fields of a @key are shared by themselves: if a @key is gone, restore it.',
  ],
  [
    'INVALID_SHAREABLE_USAGE',
    'Remove @shareable here: interface fields and subscriptions cannot be shared.',
  ],
  [
    'FIELD_TYPE_MISMATCH',
    'Give the field the same type in all subgraphs; only nullability may differ.',
  ],
  ['FIELD_ARGUMENT_TYPE_MISMATCH', 'Give the argument the same type in all subgraphs.'],
  ['FIELD_ARGUMENT_DEFAULT_MISMATCH', 'Give the argument the same default in all subgraphs.'],
  ['INPUT_FIELD_DEFAULT_MISMATCH', 'Give the input field the same default in all subgraphs.'],
  ['EXTERNAL_TYPE_MISMATCH', 'Give the @external field the type it has where it is resolved.'],
  [
    'EXTERNAL_MISSING_ON_BASE',
    'Define the field in the subgraph that resolves it, or remove it here.',
  ],
  ['TYPE_KIND_MISMATCH', 'Make it the same kind of type in all subgraphs, or rename one of them.'],
  [
    'ENUM_VALUE_MISMATCH',
    'Give the enum the same values in all subgraphs; it is used for input and output.',
  ],
  ['EMPTY_MERGED_ENUM_TYPE', 'Give the enum at least one value that all subgraphs have.'],
  ['EMPTY_MERGED_INPUT_TYPE', 'Give the input type at least one field that all subgraphs have.'],
  [
    'REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH',
    'Add the argument in all subgraphs, or make it optional.',
  ],
  [
    'REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH',
    'Add the input field in all subgraphs, or make it optional.',
  ],
  [
    'KEY_INVALID_FIELDS',
    'Name fields that the type has in the @key, as `"id"` or `"id organization { id }"`.',
  ],
  ['KEY_INVALID_FIELDS_TYPE', 'Write the fields of the @key as one text, such as `"id sku"`.'],
  ['KEY_FIELDS_HAS_ARGS', 'Choose a @key field without arguments.'],
  [
    'KEY_FIELDS_SELECT_INVALID_TYPE',
    'Choose @key fields that are neither unions nor interfaces, and have no arguments.',
  ],
  [
    'KEY_UNSUPPORTED_ON_INTERFACE',
    'Use federation v2.3 or later in @link for a @key on an interface.',
  ],
  [
    'REQUIRES_INVALID_FIELDS',
    'Name fields of the same type in @requires, each of them @external here.',
  ],
  [
    'REQUIRES_FIELDS_MISSING_EXTERNAL',
    'Mark the fields that @requires names as @external in this subgraph.',
  ],
  ['PROVIDES_INVALID_FIELDS', 'Name fields of the returned type in @provides.'],
  [
    'PROVIDES_FIELDS_MISSING_EXTERNAL',
    'Mark the fields that @provides names as @external in this subgraph.',
  ],
  ['PROVIDES_ON_NON_OBJECT_FIELD', 'Put @provides on a field that returns an object type.'],
  ['OVERRIDE_FROM_SELF_ERROR', 'Name another subgraph in @override(from:).'],
  [
    'OVERRIDE_SOURCE_HAS_OVERRIDE',
    'Keep the last @override, name in its `from` the subgraph that resolves the field now, and remove the field from the subgraph between.',
  ],
  [
    'OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE',
    'Remove @external, @provides or @requires beside the @override, and the field from each @requires of this subgraph, which resolves it then.',
  ],
  ['NO_QUERIES', 'Define `type Query` with at least one field in one of the subgraphs.'],
  [
    'ROOT_QUERY_USED',
    'Rename the type "Query", or make it the query root with `schema { query: Query }`.',
  ],
  [
    'ROOT_MUTATION_USED',
    'Rename the type "Mutation", or make it the mutation root with `schema { mutation: Mutation }`.',
  ],
  [
    'UNKNOWN_FEDERATION_LINK_VERSION',
    'Use a version of Federation that is known here, such as v2.9, in the @link.',
  ],
  [
    'INVALID_LINK_DIRECTIVE_USAGE',
    'Correct the @link: a `url` and an `import` list of names that the specification has.',
  ],
  [
    'REFERENCED_INACCESSIBLE',
    'Make what refers to the @inaccessible type @inaccessible too, or the type accessible.',
  ],
  [
    'ONLY_INACCESSIBLE_CHILDREN',
    'Make the whole type @inaccessible, or leave one of its members accessible.',
  ],
  ['REQUIRED_INACCESSIBLE', 'Make the argument or input field optional, or accessible.'],
  [
    'INTERFACE_FIELD_NO_IMPLEM',
    'Add the field of the interface to each type that implements it, in one of the subgraphs.',
  ],
  [
    'EXTENSION_WITH_NO_BASE',
    'Define the type in one of the subgraphs; `extend type` alone makes none.',
  ],
]);
