import {
  type ASTNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  print,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { ambiguousKey } from './ambiguous-keys.ts';
import { flattened, isIntrospection, withoutRootMeta } from './root-selection.ts';
import { isIncluded, isSettled } from './settled-conditions.ts';
import { type StoreKeys, storeKeysOf } from './store-keys.ts';
import type { Supergraph } from './supergraph.ts';

/** An operation and the fragments it uses. */
export interface OperationSource {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/**
 * An operation as planners get it: without introspection, without what the conditions leave out, and with no name
 * that a planner or an executor might take for one of its own.
 */
export interface NormalizedOperation {
  /** Absent when nothing is left for a subgraph to answer. */
  readonly document: DocumentNode | undefined;
  /** The document printed: equal texts have equal plans. */
  readonly text: string;
  readonly storeKeys: StoreKeys;
  /** The client's name of each variable that was renamed. */
  readonly clientVariables: ReadonlyMap<string, string>;
}

/**
 * Normalizes an operation. With `conditions`, every `@skip` and `@include` is decided by them; without, only those
 * with a literal are. `ownFields`, `usesInterfaceObjects`: see Supergraph.
 */
export function normalizeOperation(
  { operation, fragments }: OperationSource,
  { ownFields, usesInterfaceObjects }: Pick<Supergraph, 'ownFields' | 'usesInterfaceObjects'>,
  conditions: ReadonlyMap<string, boolean> | undefined,
): NormalizedOperation {
  const used = usedFragments(operation.selectionSet, fragments);
  // Planners merge what is selected for one entity under types that exclude each other, and lose one of two meanings.
  const keepApart =
    usesInterfaceObjects || ambiguousKey(operation.selectionSet, fragments) !== undefined;
  const storeKeys = storeKeysOf([operation, ...used], ownFields, keepApart);
  const clientVariables = new Map<string, string>();
  const planVariables = new Map<string, string>();
  for (const { variable } of operation.variableDefinitions ?? []) {
    const name = variable.name.value;
    if (!isReservedVariable(name)) continue;
    planVariables.set(name, `client_${name}`);
    clientVariables.set(`client_${name}`, name);
  }

  const rewrite = <T extends OperationDefinitionNode | FragmentDefinitionNode>(node: T): T =>
    visit<T>(node, {
      Field: (field) => (isWanted(field, conditions) ? renamed(field) : null),
      InlineFragment: (fragment) => (isIncluded(fragment, conditions) ? undefined : null),
      FragmentSpread: (spread) => (isIncluded(spread, conditions) ? undefined : null),
      Directive: (directive) => (isSettled(directive, conditions) ? null : undefined),
      Variable: (variable) => {
        const name = planVariables.get(variable.name.value);
        return name === undefined
          ? undefined
          : { ...variable, name: { kind: Kind.NAME, value: name } };
      },
      SelectionSet: {
        leave: (set, _key, parent, _path, ancestors) =>
          set.selections.every(isConditional) && !isAtRoot([...ancestors, parent])
            ? { ...set, selections: [typename, ...set.selections] }
            : undefined,
      },
    });

  function renamed(field: FieldNode): FieldNode | undefined {
    // Execution tells types by it, whatever else a client calls by this name.
    if (field.name.value === '__typename' && !field.alias) return undefined;
    const key = storeKeys.of(field);
    if (key !== undefined) return { ...field, alias: { kind: Kind.NAME, value: key } };
    // To the native planner it is another field than the one without an alias.
    return field.alias?.value === field.name.value ? { ...field, alias: undefined } : undefined;
  }

  const asked = withoutRootMeta(operation.selectionSet, conditions);
  // Mutations run in the order of the response, in which Apollo's planner does not see what fragments hold.
  const isSerial = operation.operation === OperationTypeNode.MUTATION;
  const selectionSet = isSerial ? flattened(asked, fragments, conditions) : asked;
  const root = { ...operation, selectionSet };
  if (root.selectionSet.selections.length === 0) {
    return { document: undefined, text: '', storeKeys, clientVariables };
  }
  const rewritten = rewrite(root);
  const rewrittenFragments = new Map(used.map((each) => [each.name.value, rewrite(each)]));
  const stillUsed = usedFragments(rewritten.selectionSet, rewrittenFragments);
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [withUsedVariables(rewritten, stillUsed), ...stillUsed],
  };
  return { document, text: print(document), storeKeys, clientVariables };
}

/** True for the selection of an operation itself; nobody need be asked for the type of a root. */
function isAtRoot(around: readonly (ASTNode | readonly ASTNode[] | undefined)[]): boolean {
  return around.every(
    (node) =>
      !node ||
      !('kind' in node) ||
      (node.kind !== Kind.FIELD && node.kind !== Kind.FRAGMENT_DEFINITION),
  );
}

/** Where all of a selection may be left out, a planner would leave out the field around it as well. */
function isConditional({ directives }: SelectionNode): boolean {
  return (directives ?? []).some(({ name }) => name.value === 'skip' || name.value === 'include');
}

/** The Boolean variables that `@skip` and `@include` depend on, in order of their names. */
export function conditionVariables({ operation, fragments }: OperationSource): readonly string[] {
  const names = new Set<string>();
  for (const node of [operation, ...usedFragments(operation.selectionSet, fragments)]) {
    visit(node, {
      Directive: ({ name, arguments: args }) => {
        if (name.value !== 'skip' && name.value !== 'include') return;
        const value = args?.find((argument) => argument.name.value === 'if')?.value;
        if (value?.kind === Kind.VARIABLE) names.add(value.name.value);
      },
    });
  }
  return [...names].sort();
}

const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

function isWanted(field: FieldNode, conditions: ReadonlyMap<string, boolean> | undefined): boolean {
  return !isIntrospection(field) && isIncluded(field, conditions);
}

function isReservedVariable(name: string): boolean {
  return (
    name === 'representations' || name.startsWith('_') || name.startsWith('contextualArgument')
  );
}

function usedFragments(
  set: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): FragmentDefinitionNode[] {
  const used = new Map<string, FragmentDefinitionNode>();
  const add = (from: SelectionSetNode): void => {
    visit(from, {
      FragmentSpread: ({ name }) => {
        const fragment = fragments.get(name.value);
        if (!fragment || used.has(name.value)) return;
        used.set(name.value, fragment);
        add(fragment.selectionSet);
      },
    });
  };
  add(set);
  return [...used.values()];
}

function withUsedVariables(
  operation: OperationDefinitionNode,
  fragments: readonly FragmentDefinitionNode[],
): OperationDefinitionNode {
  const used = new Set<string>();
  for (const node of [
    ...operation.selectionSet.selections,
    ...(operation.directives ?? []),
    ...fragments,
  ]) {
    visit(node, { Variable: ({ name }) => void used.add(name.value) });
  }
  return {
    ...operation,
    variableDefinitions: operation.variableDefinitions?.filter(({ variable }) =>
      used.has(variable.name.value),
    ),
  };
}
