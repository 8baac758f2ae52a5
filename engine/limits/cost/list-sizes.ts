import type { FieldNode, GraphQLField } from 'graphql';
import { greatest } from '../../../common/greatest.ts';
import type { ListSize } from './directives.ts';
import { constant, type Expression, map } from './expression.ts';
import { memberAt, sizeOf, valueAt, type VariableReader } from './values.ts';

/** What the slicing arguments of a field say. */
export interface Slicing {
  /** The largest size that they say; `undefined` when none says one. */
  readonly size: number | undefined;
  /** How many of them say one. */
  readonly count: number;
}

/** Reads the slicing arguments of a field, with the defaults of the schema where it is not given them. */
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
  const otherwise = memberAt(args.find((each) => each.name === name)?.defaultValue, rest);
  const given = field.arguments?.find((each) => each.name.value === name);
  return map(valueAt(given?.value, rest, variable), (value) => value ?? otherwise);
}

function combine(sizes: readonly Expression<number | undefined>[]): Expression<Slicing> {
  const combined = (values: readonly (number | undefined)[]): Slicing => {
    const said = values.filter((value) => value !== undefined);
    const size = said.length > 0 ? greatest(said, Number.NEGATIVE_INFINITY) : undefined;
    return { size, count: said.length };
  };
  const known = sizes.flatMap((size) => ('constant' in size ? [size.constant] : []));
  if (known.length === sizes.length) return constant(combined(known));
  return {
    of: (variables) =>
      combined(sizes.map((size) => ('constant' in size ? size.constant : size.of(variables)))),
  };
}
