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

/** What an operation is compiled from. The document must be valid on the schema. */
export interface CostContext {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly schema: GraphQLSchema;
  readonly directives: CostDirectives;
  /** Assumed list length when the schema gives none. */
  readonly listSize: number;
}

/** The compiled cost of an operation. */
export interface CompiledCost {
  /** The cost; never negative. */
  readonly cost: Expression<number>;
  /** Violations of lists whose slicing argument is missing or not unique. */
  readonly violations: readonly Expression<Violation | undefined>[];
}

/** The base cost of a mutation; queries and subscriptions have none. */
const mutationCost = 10;

/**
 * Compiles the cost of an operation as in IBM's cost specification and Apollo's demand control: each object costs 1,
 * scalars and enums nothing, a list its length times an item, and an input object 1. `@cost` and `@listSize` change
 * that. A selection that `@skip` or `@include` excludes costs nothing.
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
            onlyIfIncluded(selection.node, variable, ofSelection(selection, sized)),
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
      violations.push(map(slicing, ({ count }) => requireExactlyOne(count, key, listSize)));
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

/** The list size that a field sets for some of its subfields. */
interface Sized {
  readonly fields: readonly string[];
  readonly size: Expression<number>;
}

function onlyIfIncluded(
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

function requireExactlyOne(
  count: number,
  key: string,
  { slicingArguments }: ListSize,
): Violation | undefined {
  if (count === 1) return undefined;
  const names = slicingArguments.map((name) => `"${name}"`).join(' or ');
  return badInput(
    `"${key}" takes exactly one of ${names}, which sets the length of its list; ${count} were given.`,
  );
}
