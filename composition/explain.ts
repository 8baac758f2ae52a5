import type { GraphQLError } from 'graphql';
import { isObject, keysOf } from './declared-keys.ts';
import { fixFor } from './fixes.ts';
import { locateMentioned, placesOf } from './locate.ts';
import type { CompositionProblem } from './problem.ts';
import type { ParsedSubgraph } from './read-schema.ts';

/**
 * Explains composition errors: each problem once, causes before consequences, with its place
 * and a fix. `witnesses` finds satisfiability errors with shorter queries.
 */
export function explain(
  errors: readonly GraphQLError[],
  subgraphs: readonly ParsedSubgraph[],
  configFile: string,
  witnesses: () => readonly GraphQLError[],
): readonly CompositionProblem[] {
  const problems = withShortWitnesses(withoutConsequences(errors), witnesses).map(
    (error) => missingKey(error, subgraphs) ?? problemOf(error, subgraphs, configFile),
  );
  return [...new Map(problems.map((problem) => [problem.message, problem])).values()];
}

function problemOf(
  error: GraphQLError,
  subgraphs: readonly ParsedSubgraph[],
  configFile: string,
): CompositionProblem {
  const code = codeOf(error);
  const known = placesOf(error.nodes);
  const places = known.length > 0 ? known : locateMentioned(error.message, subgraphs);
  return {
    code,
    message: error.message,
    places: places.length > 0 ? places : [{ file: configFile }],
    fix: fixFor(code, error.message),
  };
}

function codeOf({ extensions }: GraphQLError): string {
  return typeof extensions.code === 'string' ? extensions.code : 'INVALID_GRAPHQL';
}

/** When a @link cannot be read, every use of what it imports would be another error. */
const linkCodes: ReadonlySet<string> = new Set([
  'UNKNOWN_FEDERATION_LINK_VERSION',
  'INVALID_LINK_DIRECTIVE_USAGE',
  'INVALID_LINK_IDENTIFIER',
  'UNKNOWN_LINK_VERSION',
]);

function withoutConsequences(errors: readonly GraphQLError[]): readonly GraphQLError[] {
  const ofLinks = errors.filter((error) => linkCodes.has(codeOf(error)));
  const spoiled = new Set(ofLinks.map(({ message }) => subgraphOf(message)));
  return [...ofLinks, ...errors.filter(({ message }) => !spoiled.has(subgraphOf(message)))];
}

/** Errors within one subgraph begin with its name. */
function subgraphOf(message: string): string | undefined {
  return /^\[([^\]]+)\]/.exec(message)?.[1];
}

function withShortWitnesses(
  errors: readonly GraphQLError[],
  witnesses: () => readonly GraphQLError[],
): readonly GraphQLError[] {
  const isLong = ({ message }: GraphQLError): boolean =>
    message.startsWith('The following supergraph API query');
  if (!errors.some(isLong)) return errors;
  const shorter = witnesses().filter(isLong);
  return shorter.length > 0 ? [...shorter, ...errors.filter((error) => !isLong(error))] : errors;
}

/**
 * Key fields are in every subgraph of the entity. If one subgraph has the type without a @key, composition
 * treats it as a value type whose fields must be shareable; a missing @key is more likely.
 */
function missingKey(
  error: GraphQLError,
  subgraphs: readonly ParsedSubgraph[],
): CompositionProblem | undefined {
  if (codeOf(error) !== 'INVALID_FIELD_SHARING') return undefined;
  const [, typeName = '', field = ''] = /field "(\w+)\.(\w+)/.exec(error.message) ?? [];
  const defined = subgraphs.flatMap(({ entry: { name }, document }) => {
    const types = document.definitions
      .filter(isObject)
      .filter((type) => type.name.value === typeName);
    return types.length > 0
      ? [{ name, types, keys: types.flatMap((type) => keysOf(document, type)) }]
      : [];
  });
  const key = defined
    .flatMap(({ keys }) => keys)
    .find((fields) => new RegExp(`\\b${field}\\b`).test(fields));
  const without = defined.filter(({ keys }) => keys.length === 0);
  const [first] = without;
  if (key === undefined || !first) return undefined;
  const names = without.map(({ name }) => `"${name}"`).join(', ');
  return {
    code: 'KEY_MISSING',
    message: `The type "${typeName}" has @key(fields: "${key}") in other subgraphs and no @key in ${names}: "${typeName}.${field}" then counts as a field that each of them resolves by itself (INVALID_FIELD_SHARING).`,
    places: placesOf(without.flatMap(({ types }) => types)),
    fix: `Add @key(fields: "${key}") to "${typeName}" in ${names}.`,
  };
}
