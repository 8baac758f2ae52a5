import {
  coerceInputValue,
  GraphQLError,
  type GraphQLInputType,
  isNonNullType,
  type VariableDefinitionNode,
} from 'graphql';

/** A variable that is given a value, or is not. */
export interface GivenVariable {
  readonly definition: VariableDefinitionNode;
  readonly type: GraphQLInputType;
  /** `undefined` when it is not given. */
  readonly value: unknown;
}

/**
 * What is wrong with values of variables (GraphQL spec §6.1.2), in the words of graphql-js, up to `max` errors; where there
 * are more, the last one says so. graphql-js itself writes an object of the client out again for each wrong member, which
 * takes seconds where it has many; here a value is written out up to a few members.
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
  // Each wrong member of an object names the object.
  let last: { readonly value: unknown; readonly text: string } | undefined;
  const name = definition.variable.name.value;
  const refuse = (message: string, originalError?: Error): void => {
    report(
      new GraphQLError(`Variable "$${name}" ${message}`, { nodes: definition, originalError }),
    );
  };
  if (value === undefined) {
    if (!definition.defaultValue && isNonNullType(type)) {
      refuse(`of required type "${type.toString()}" was not provided.`);
    }
  } else if (value === null && isNonNullType(type)) {
    refuse(`of non-null type "${type.toString()}" must not be null.`);
  } else {
    coerceInputValue(value, type, (path, invalid, error) => {
      const at = path.length > 0 ? ` at "${name}${path.map(pathStep).join('')}"` : '';
      const text = last !== undefined && last.value === invalid ? last.text : described(invalid);
      last = { value: invalid, text };
      refuse(`got invalid value ${text}${at}; ${error.message}`, error);
    });
  }
}

function pathStep(step: string | number): string {
  return typeof step === 'number' ? `[${step}]` : `.${step}`;
}

const membersShown = 10;
const depthShown = 2;

/** As graphql-js writes values, but of an object, too, only the first members. */
function described(value: unknown, depth = 0): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    if (depth >= depthShown) return '[Array]';
    const items = value.slice(0, membersShown).map((item) => described(item, depth + 1));
    return `[${[...items, ...more(value.length, 'item')].join(', ')}]`;
  }
  const names = Object.keys(value);
  if (names.length === 0) return '{}';
  if (depth >= depthShown) return '[Object]';
  const members = names
    .slice(0, membersShown)
    .map(
      (name) =>
        `${name}: ${described((value as Readonly<Record<string, unknown>>)[name], depth + 1)}`,
    );
  return `{ ${[...members, ...more(names.length, 'member')].join(', ')} }`;
}

function more(count: number, what: string): readonly string[] {
  const rest = count - membersShown;
  return rest > 0 ? [`... ${rest} more ${what}${rest === 1 ? '' : 's'}`] : [];
}
