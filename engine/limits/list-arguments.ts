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

/** What the arguments are looked for in; the document is valid on the schema. */
export interface ListArgumentContext {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly schema: GraphQLSchema;
  readonly directives: CostDirectives;
  /** The largest that is allowed; the least is 0. */
  readonly max: number;
}

/** Names that mean the length of a page wherever they stand (Relay cursor connections), if they are integers. */
const pageArguments = ['first', 'last'];

/**
 * Compiles a check of each argument that says how long a list gets: `first`, `last`, and what `@listSize` calls a
 * slicing argument. What is right whatever the variables are is left out.
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
      const complaint = (value: unknown): Violation | undefined =>
        typeof value === 'number' && (value < 0 || value > max)
          ? badInput(
              `"${parent.name}.${definition.name}" takes ${value < 0 ? 'no negative number' : `at most ${max}`} as "${path}", not ${value}.`,
            )
          : undefined;
      const violation = map(valueAt(given.value, rest, variable), complaint);
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
