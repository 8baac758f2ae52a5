/** The advice for a composition hint, in a sentence. */
export function hintFixFor(code: string): string {
  return hintFixes.get(code) ?? 'Make the definitions that are named above alike.';
}

const hintFixes: ReadonlyMap<string, string> = new Map([
  [
    'INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE',
    'Give the field the same type in all subgraphs, or leave it: clients see the wider one.',
  ],
  [
    'INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE',
    'Give the argument the same type in all subgraphs, or leave it: clients see the narrower one.',
  ],
  ['INCONSISTENT_DEFAULT_VALUE_PRESENCE', 'Give the default in all subgraphs: it is lost now.'],
  [
    'INCONSISTENT_ENTITY',
    'Add a @key to the type in each subgraph, unless it is meant as a value there.',
  ],
  [
    'INCONSISTENT_INPUT_OBJECT_FIELD',
    'Add the field to the input type in all subgraphs: the supergraph does not have it now.',
  ],
  [
    'INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM',
    'Add the value to the enum in all subgraphs: the supergraph does not have it now.',
  ],
  [
    'INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE',
    'Define the directive in all subgraphs, or in none: clients cannot use it now.',
  ],
  ['NO_EXECUTABLE_DIRECTIVE_INTERSECTION', 'Define the directive for the same locations.'],
  [
    'INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE',
    'Make the directive repeatable in all, or none.',
  ],
  ['INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS', 'Define the directive for the same locations.'],
  ['INCONSISTENT_DESCRIPTION', 'Give the same description everywhere, or in one subgraph alone.'],
  [
    'INCONSISTENT_ARGUMENT_PRESENCE',
    'Add the argument in all subgraphs: the supergraph does not have it now.',
  ],
  ['FROM_SUBGRAPH_DOES_NOT_EXIST', 'Correct the `from` of the @override, or remove it.'],
  ['OVERRIDDEN_FIELD_CAN_BE_REMOVED', 'Remove the field from the subgraph that it came from.'],
  ['OVERRIDE_DIRECTIVE_CAN_BE_REMOVED', 'Remove the @override: the move is done.'],
  [
    'OVERRIDE_MIGRATION_IN_PROGRESS',
    'Raise the percentage step by step; without a label the move is complete.',
  ],
  [
    'INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS',
    'Give the directive the same arguments in all subgraphs: one of them is kept, and it is not said which.',
  ],
  [
    'MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS',
    'Nothing, if the merged arguments are what is meant.',
  ],
  [
    'INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN',
    'Give the shared field the same possible types in each subgraph that resolves it.',
  ],
  [
    'IMPLICITLY_UPGRADED_FEDERATION_VERSION',
    'Raise the version of the federation @link to the one that is named.',
  ],
  [
    'CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS',
    'Put @fromContext on the argument in all subgraphs.',
  ],
]);
