import {
  type DocumentNode,
  getNamedType,
  type GraphQLCompositeType,
  type GraphQLSchema,
  isCompositeType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { createSelectionsOf, type TypedSelection } from '../selections-of.ts';
import { badInput, type Violation } from '../violation.ts';
import type { CostDirectives, ListSize } from './directives.ts';
import { constant, type Expression, map, product, sum } from './expression.ts';
import { createFieldCosts, isList } from './field-costs.ts';
import { slicingOf } from './list-sizes.ts';
import { scoreArguments } from './score-arguments.ts';
import { type VariableReader, variableReader } from './values.ts';

/** What an operation is compiled from; the document is valid on the schema. */
export interface CostContext {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly schema: GraphQLSchema;
  readonly directives: CostDirectives;
  /** How long a list is taken to be of which the schema says nothing. */
  readonly listSize: number;
}

/** The cost of an operation, compiled. */
export interface CompiledCost {
  /** What it costs; never negative. */
  readonly cost: Expression<number>;
  /** Lists whose size must be said, and is not, or is said twice. */
  readonly violations: readonly Expression<Violation | undefined>[];
}

/** What a mutation costs before its fields; queries and subscriptions cost nothing. */
const mutationCost = 10;

/**
 * Compiles the cost of an operation as IBM's cost specification and Apollo's demand control count it: each object 1,
 * scalars and enums nothing, a list as often as it is long, input objects 1; `@cost` and `@listSize` change that. A
 * selection that `@skip` or `@include` leave out costs nothing.
 */
export function compileCost(context: CostContext): CompiledCost {
  const { document, operation, schema, directives } = context;
  const selectionsOf = createSelectionsOf(document, schema);
  const fieldCosts = createFieldCosts(schema, directives);
  const variable = variableReader(operation);
  const violations: Expression<Violation | undefined>[] = [];

  const ofSet = (
    set: SelectionSetNode | undefined,
    type: GraphQLCompositeType,
    sized: Sized | undefined,
  ): Expression<number> =>
    set
      ? sum(
          selectionsOf(set, type).map((selection) =>
            whereIncluded(selection.node, variable, ofSelection(selection, sized)),
          ),
        )
      : constant(0);

  const ofSelection = (selection: TypedSelection, sized: Sized | undefined): Expression<number> =>
    selection.kind === 'fragment'
      ? ofSet(selection.set, selection.type, sized)
      : ofField(selection, sized);

  const ofField = (
    { node, parent, definition }: TypedField,
    sizedByParent: Sized | undefined,
  ): Expression<number> => {
    const listSize = fieldCosts.listSizeOf(parent, definition);
    const key = `${parent.name}.${definition.name}`;
    const slicing = listSize && slicingOf(listSize, node, definition, variable);
    if (slicing && listSize.requireOneSlicingArgument && listSize.slicingArguments.length > 0) {
      violations.push(map(slicing, ({ count }) => unlessOne(count, key, listSize)));
    }
    const own: Sized | undefined = slicing && {
      fields: listSize.sizedFields,
      size: map(slicing, ({ size }) => size ?? listSize.assumedSize ?? context.listSize),
    };
    const inner = getNamedType(definition.type);
    const each = sum([
      constant(fieldCosts.weightOf(parent, definition)),
      isCompositeType(inner) ? ofSet(node.selectionSet, inner, own) : constant(0),
    ]);
    const bySize = sizedByParent?.fields.includes(definition.name) ? sizedByParent : own;
    const size = bySize?.size ?? constant(context.listSize);
    return sum([
      isList(definition) ? product(size, each) : each,
      scoreArguments(node, key, definition.args, directives, variable),
    ]);
  };

  const root = schema.getRootType(operation.operation);
  const base = operation.operation === OperationTypeNode.MUTATION ? mutationCost : 0;
  const total = sum([
    constant(base),
    root ? ofSet(operation.selectionSet, root, undefined) : constant(0),
  ]);
  return { cost: map(total, (value) => Math.max(0, value)), violations };
}

type TypedField = Extract<TypedSelection, { readonly kind: 'field' }>;

/** A size that a field says of some of the fields in it. */
interface Sized {
  readonly fields: readonly string[];
  readonly size: Expression<number>;
}

function whereIncluded(
  { directives = [] }: SelectionNode,
  variable: VariableReader,
  cost: Expression<number>,
): Expression<number> {
  return directives.reduce((rest, { name, arguments: args }) => {
    if (name.value !== 'skip' && name.value !== 'include') return rest;
    const condition = args?.find((argument) => argument.name.value === 'if')?.value;
    const value: Expression<unknown> =
      condition?.kind === Kind.VARIABLE
        ? variable(condition.name.value)
        : constant(condition?.kind === Kind.BOOLEAN && condition.value);
    const isIncluded = map(value, (given) =>
      (given === true) === (name.value === 'include') ? 1 : 0,
    );
    return product(isIncluded, rest);
  }, cost);
}

function unlessOne(
  count: number,
  key: string,
  { slicingArguments }: ListSize,
): Violation | undefined {
  if (count === 1) return undefined;
  const names = slicingArguments.map((name) => `"${name}"`).join(' or ');
  return badInput(
    `"${key}" takes exactly one of ${names}, which says how long its list gets; ${count} were given.`,
  );
}
