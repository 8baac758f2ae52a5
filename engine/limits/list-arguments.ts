import {
  type DocumentNode,
  type FieldNode,
  getNamedType,
  getNullableType,
  GraphQLInt,
  type GraphQLSchema,
  isCompositeType,
  type OperationDefinitionNode,
} from 'graphql';
import type { CostDirectives } from './cost/directives.ts';
import { type Expression, map } from './cost/expression.ts';
import { createFieldCosts } from './cost/field-costs.ts';
import { valueAt, variableReader } from './cost/values.ts';
import { createSelectionsOf, type TypedSelection } from './selections-of.ts';
import { badInput, type Violation } from './violation.ts';

/** What is searched for list arguments. The document must be valid on the schema. */
export interface ListArgumentContext {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly schema: GraphQLSchema;
  readonly directives: CostDirectives;
  /** The largest value allowed; the smallest is 0. */
  readonly max: number;
}

/** Integer arguments with these names are page sizes everywhere (Relay cursor connections). */
const pageArguments = ['first', 'last'];

/**
 * Compiles a check for each argument that sets a list's length: `first`, `last`, and the slicing arguments of
 * `@listSize`. Checks that always pass are omitted.
 */
export function compileListArguments(
  context: ListArgumentContext,
): readonly Expression<Violation | undefined>[] {
  const { document, operation, schema, directives, max } = context;
  const selectionsOf = createSelectionsOf(document, schema);
  const fieldCosts = createFieldCosts(schema, directives);
  const variable = variableReader(operation);
  const checks: Expression<Violation | undefined>[] = [];

  const check = ({ node, parent, definition }: TypedField): void => {
    const slicing = fieldCosts.listSizeOf(parent, definition)?.slicingArguments ?? [];
    const pages = definition.args
      .filter(
        ({ name, type }) => pageArguments.includes(name) && getNullableType(type) === GraphQLInt,
      )
      .map(({ name }) => name);
    for (const path of new Set([...slicing, ...pages])) {
      const [name, ...rest] = path.split('.');
      const given = argument(node, name);
      if (!given) continue;
      const violationOf = (value: unknown): Violation | undefined =>
        typeof value === 'number' && (value < 0 || value > max)
          ? badInput(
              `"${parent.name}.${definition.name}" takes ${value < 0 ? 'no negative number' : `at most ${max}`} as "${path}", not ${value}.`,
            )
          : undefined;
      const violation = map(valueAt(given.value, rest, variable), violationOf);
      if (!('constant' in violation) || violation.constant) checks.push(violation);
    }
  };

  const root = schema.getRootType(operation.operation);
  const open = root ? [...selectionsOf(operation.selectionSet, root)] : [];
  for (let selection = open.pop(); selection; selection = open.pop()) {
    if (selection.kind === 'fragment') {
      for (const below of selectionsOf(selection.set, selection.type)) open.push(below);
      continue;
    }
    check(selection);
    const inner = getNamedType(selection.definition.type);
    const { selectionSet } = selection.node;
    if (!selectionSet || !isCompositeType(inner)) continue;
    for (const below of selectionsOf(selectionSet, inner)) open.push(below);
  }
  return checks;
}

type TypedField = Extract<TypedSelection, { readonly kind: 'field' }>;

function argument(
  node: FieldNode,
  name: string | undefined,
): NonNullable<FieldNode['arguments']>[number] | undefined {
  return node.arguments?.find((each) => each.name.value === name);
}
