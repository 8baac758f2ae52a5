import {
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { activeDefer } from '../../common/deferred-fragments.ts';
import { isIncluded } from '../../common/selection-conditions.ts';

/** What is needed to traverse a selection set. */
export interface SelectionContext {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** The values of the variables in `@skip` and `@include`. */
  readonly conditions: ReadonlyMap<string, boolean>;
  /** Whether deferred fragments are delivered later; otherwise `@defer` means nothing. */
  readonly isIncremental?: boolean;
}

/** The selection sets of each deferred fragment, by its directive. */
export type DeferredSets = ReadonlyMap<DirectiveNode, readonly SelectionSetNode[]>;

/**
 * Collects the fields of selection sets by response key, in response order (§6.3.2), without those of deferred
 * fragments. The type is an object type, or an interface without implementations.
 */
export function collectFields(
  type: GraphQLObjectType | GraphQLInterfaceType,
  selectionSets: readonly SelectionSetNode[],
  context: SelectionContext,
): Map<string, FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const visited = new Set<string>();
  for (const { selections } of selectionSets) {
    collectInto(fields, visited, selections, context, (condition) =>
      applies(condition, type, context.schema),
    );
  }
  return fields;
}

/** Collects the deferred fragments directly in selection sets, in response order; those inside them are not included. */
export function collectDeferred(
  type: GraphQLObjectType | GraphQLInterfaceType,
  selectionSets: readonly SelectionSetNode[],
  context: SelectionContext,
): DeferredSets {
  const found = new Map<DirectiveNode, SelectionSetNode[]>();
  const visited = new Set<string>();
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD || !isIncluded(selection, context.conditions)) continue;
      const directive = activeDefer(selection, context.conditions);
      if (!directive && selection.kind === Kind.FRAGMENT_SPREAD) {
        if (visited.has(selection.name.value)) continue;
        visited.add(selection.name.value);
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT
          ? selection
          : context.fragments.get(selection.name.value);
      const condition = fragment?.typeCondition?.name.value;
      if (!fragment || (condition !== undefined && !applies(condition, type, context.schema)))
        continue;
      if (!directive) {
        collect(fragment.selectionSet);
        continue;
      }
      const known = found.get(directive);
      if (!known) found.set(directive, [fragment.selectionSet]);
      else if (!known.includes(fragment.selectionSet)) known.push(fragment.selectionSet);
    }
  };
  for (const set of selectionSets) collect(set);
  return found;
}

/** Collects the fields of selection sets for all types together, by response key. */
export function collectFieldsOfAnyType(
  selectionSets: readonly SelectionSetNode[],
  context: SelectionContext,
): Map<string, FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const visited = new Set<string>();
  for (const { selections } of selectionSets)
    collectInto(fields, visited, selections, context, () => true);
  return fields;
}

function collectInto(
  fields: Map<string, FieldNode[]>,
  visited: Set<string>,
  selections: readonly SelectionNode[],
  context: SelectionContext,
  appliesTo: (condition: string) => boolean,
): void {
  for (const selection of selections) {
    if (!isIncluded(selection, context.conditions)) continue;
    if (context.isIncremental === true && activeDefer(selection, context.conditions)) continue;
    switch (selection.kind) {
      case Kind.FIELD: {
        const key = selection.alias?.value ?? selection.name.value;
        const known = fields.get(key);
        if (known) known.push(selection);
        else fields.set(key, [selection]);
        break;
      }
      case Kind.INLINE_FRAGMENT: {
        const condition = selection.typeCondition?.name.value;
        if (condition !== undefined && !appliesTo(condition)) break;
        collectInto(fields, visited, selection.selectionSet.selections, context, appliesTo);
        break;
      }
      case Kind.FRAGMENT_SPREAD: {
        const fragment = context.fragments.get(selection.name.value);
        if (!fragment || visited.has(selection.name.value)) break;
        visited.add(selection.name.value);
        if (!appliesTo(fragment.typeCondition.name.value)) break;
        collectInto(fields, visited, fragment.selectionSet.selections, context, appliesTo);
        break;
      }
    }
  }
}

function applies(
  condition: string,
  type: GraphQLObjectType | GraphQLInterfaceType,
  schema: GraphQLSchema,
): boolean {
  if (condition === type.name) return true;
  const conditional = schema.getType(condition);
  return isAbstractType(conditional) && schema.isSubType(conditional, type);
}
