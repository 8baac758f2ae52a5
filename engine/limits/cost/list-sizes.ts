import type { FieldNode, GraphQLField } from 'graphql';
import { greatest } from '../../../common/greatest.ts';
import type { ListSize } from './directives.ts';
import { constant, type Expression, map } from './expression.ts';
import { memberAt, sizeOf, valueAt, type VariableReader } from './values.ts';

/** The result of a field's slicing arguments. */
export interface Slicing {
  /** The largest size among them; `undefined` when none has one. */
  readonly size: number | undefined;
  /** How many of them have a size. */
  readonly count: number;
}

/** Reads the slicing arguments of a field; the schema's defaults apply to missing ones. */
export function slicingOf(
  { slicingArguments }: ListSize,
  field: FieldNode,
  definition: GraphQLField<unknown, unknown>,
  variable: VariableReader,
): Expression<Slicing> {
  const sizes = slicingArguments.map((path) =>
    map(slicingValue(path, field, definition, variable), sizeOf),
  );
  return combine(sizes);
}

/** The value at the path of a slicing argument. */
function slicingValue(
  path: string,
  field: FieldNode,
  { args }: GraphQLField<unknown, unknown>,
  variable: VariableReader,
): Expression<unknown> {
  const [name = '', ...rest] = path.split('.');
  const fallback = memberAt(args.find((each) => each.name === name)?.defaultValue, rest);
  const given = field.arguments?.find((each) => each.name.value === name);
  return map(valueAt(given?.value, rest, variable), (value) => value ?? fallback);
}

function combine(sizes: readonly Expression<number | undefined>[]): Expression<Slicing> {
  const combined = (values: readonly (number | undefined)[]): Slicing => {
    const given = values.filter((value) => value !== undefined);
    const size = given.length > 0 ? greatest(given, Number.NEGATIVE_INFINITY) : undefined;
    return { size, count: given.length };
  };
  const known = sizes.flatMap((size) => ('constant' in size ? [size.constant] : []));
  if (known.length === sizes.length) return constant(combined(known));
  return {
    of: (variables) =>
      combined(sizes.map((size) => ('constant' in size ? size.constant : size.of(variables)))),
  };
}
