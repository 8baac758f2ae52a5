import {
  coerceInputValue,
  GraphQLError,
  type GraphQLInputType,
  isNonNullType,
  type VariableDefinitionNode,
} from 'graphql';

/** A declared variable with the value of one request. */
export interface GivenVariable {
  readonly definition: VariableDefinitionNode;
  readonly type: GraphQLInputType;
  /** `undefined` when the request has none. */
  readonly value: unknown;
}

/**
 * Checks variable values (GraphQL spec §6.1.2). Returns at most `max` errors, in the wording of graphql-js; when there
 * are more, the last error says so. graphql-js prints the whole object again for each invalid member, which takes
 * seconds for a large object. Here, a printed value is cut off after a few members.
 */
export function coercionErrors(
  variables: readonly GivenVariable[],
  max: number,
): readonly GraphQLError[] {
  const errors: GraphQLError[] = [];
  const report = (error: GraphQLError): void => {
    if (errors.length >= max) throw new TooManyErrors();
    errors.push(error);
  };
  try {
    for (const variable of variables) checkOne(variable, report);
  } catch (error) {
    if (!(error instanceof TooManyErrors)) throw error;
    errors.pop();
    const message = 'Too many errors processing variables, error limit reached. Execution aborted.';
    errors.push(new GraphQLError(message));
  }
  return errors;
}

class TooManyErrors extends Error {}

function checkOne(
  { definition, type, value }: GivenVariable,
  report: (error: GraphQLError) => void,
): void {
  // Each invalid member's error prints the whole object, so keep the last printed text.
  let last: { readonly value: unknown; readonly text: string } | undefined;
  const name = definition.variable.name.value;
  const reject = (message: string, originalError?: Error): void => {
    report(
      new GraphQLError(`Variable "$${name}" ${message}`, { nodes: definition, originalError }),
    );
  };
  if (value === undefined) {
    if (!definition.defaultValue && isNonNullType(type)) {
      reject(`of required type "${type.toString()}" was not provided.`);
    }
  } else if (value === null && isNonNullType(type)) {
    reject(`of non-null type "${type.toString()}" must not be null.`);
  } else {
    coerceInputValue(value, type, (path, invalid, error) => {
      const at = path.length > 0 ? ` at "${name}${path.map(pathStep).join('')}"` : '';
      const text = last !== undefined && last.value === invalid ? last.text : printValue(invalid);
      last = { value: invalid, text };
      reject(`got invalid value ${text}${at}; ${error.message}`, error);
    });
  }
}

function pathStep(step: string | number): string {
  return typeof step === 'number' ? `[${step}]` : `.${step}`;
}

const membersShown = 10;
const depthShown = 2;

/** Prints a value as graphql-js does, but shows only the first members of an object. */
function printValue(value: unknown, depth = 0): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    if (depth >= depthShown) return '[Array]';
    const items = value.slice(0, membersShown).map((item) => printValue(item, depth + 1));
    return `[${[...items, ...omittedCount(value.length, 'item')].join(', ')}]`;
  }
  const names = Object.keys(value);
  if (names.length === 0) return '{}';
  if (depth >= depthShown) return '[Object]';
  const members = names
    .slice(0, membersShown)
    .map(
      (name) =>
        `${name}: ${printValue((value as Readonly<Record<string, unknown>>)[name], depth + 1)}`,
    );
  return `{ ${[...members, ...omittedCount(names.length, 'member')].join(', ')} }`;
}

function omittedCount(count: number, what: string): readonly string[] {
  const rest = count - membersShown;
  return rest > 0 ? [`... ${rest} more ${what}${rest === 1 ? '' : 's'}`] : [];
}
