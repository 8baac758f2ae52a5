import {
  type DocumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { isIncluded } from '../../common/selection-conditions.ts';
import { isPlanningDirective } from './conditions.ts';
import type { PlanRequest, StoreKeys } from './planner.ts';

/**
 * An operation in the form that Apollo's planner needs: one document, without introspection and without what the
 * conditions exclude. `undefined` when nothing is left for subgraphs.
 */
export function apolloOperation({
  operation,
  fragments,
  conditions,
}: PlanRequest): DocumentNode | undefined {
  const decided = <T extends SelectionSetNode>(set: T): T =>
    visit<T>(set, {
      Field: (field) => {
        if (field.name.value === '__schema' || field.name.value === '__type') return null;
        if (!isIncluded(field, conditions)) return null;
        const key = apolloKeys.of('', field);
        return key === undefined ? undefined : { ...field, alias: { kind: Kind.NAME, value: key } };
      },
      InlineFragment: (fragment) => (isIncluded(fragment, conditions) ? undefined : null),
      FragmentSpread: (spread) => (isIncluded(spread, conditions) ? undefined : null),
      Directive: (directive) => (isPlanningDirective(directive) ? null : undefined),
      SelectionSet: {
        leave: (inner) =>
          inner.selections.length === 0 ? { ...inner, selections: [typename] } : undefined,
      },
    });
  const selectionSet = decided(operation.selectionSet);
  const asks = selectionSet.selections.some(
    (each) => each.kind !== Kind.FIELD || each.name.value !== '__typename',
  );
  if (!asks) return undefined;
  const root: OperationDefinitionNode = { ...operation, selectionSet };
  const others = [...fragments.values()].map((fragment) => ({
    ...fragment,
    selectionSet: decided(fragment.selectionSet),
  }));
  return { kind: Kind.DOCUMENT, definitions: [root, ...others] };
}

const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/** Renames client keys that the store cannot have, and those that start with an underscore. */
export const apolloKeys: StoreKeys = {
  of: (_, { alias, name }) => {
    const key = (alias ?? name).value;
    if (key === '__typename' && name.value === key) return undefined;
    return key in Object.prototype || key.startsWith('_') ? `client_${key}` : undefined;
  },
  clientKeys: {
    has: (key: string) => key.startsWith('client_'),
    get: (key: string) => (key.startsWith('client_') ? key.slice('client_'.length) : undefined),
  },
};
