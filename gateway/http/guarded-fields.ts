import { createHash } from 'node:crypto';
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getArgumentValues,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { canonicalAccountName } from '../../common/canonical-account-name.ts';
import type { OperationStage } from './pipeline/stages.ts';
import type { RequestRates } from './request-rates.ts';

/** The names of arguments of guarded fields that identify an account. */
const accountNames = ['email', 'username'];

/** Root fields that are counted separately. */
export interface GuardedFields {
  readonly names: ReadonlySet<string>;
  readonly rates: RequestRates;
}

/**
 * Counts each use of a guarded root field, such as a login, before anything is executed: against the address, and
 * against the account in its arguments, or else that of the viewer.
 */
export function countGuardedFields({ names, rates }: GuardedFields): OperationStage {
  return ({ schema, document, operation }) => {
    const fields = guardedFieldsOf(document, operation, names);
    if (fields.length === 0) return undefined;
    return async ({ exchange, asked, context }) => {
      const viewer = context?.viewer;
      const own = viewer?.kind === 'user' ? hashOf(viewer.id) : undefined;
      for (const field of fields) {
        const account = accountOf(schema, operation, field, asked.variables) ?? own;
        await rates.countGuardedField(exchange.clientAddress, field.name.value, account);
      }
      return undefined;
    };
  };
}

/** The guarded root fields of an operation, including those in fragments. */
function guardedFieldsOf(
  { definitions }: DocumentNode,
  operation: OperationDefinitionNode,
  names: ReadonlySet<string>,
): readonly FieldNode[] {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  const found: FieldNode[] = [];
  const seen = new Set<string>();
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      switch (selection.kind) {
        case Kind.FIELD:
          if (names.has(selection.name.value)) found.push(selection);
          break;
        case Kind.INLINE_FRAGMENT:
          collect(selection.selectionSet);
          break;
        case Kind.FRAGMENT_SPREAD: {
          const { value: name } = selection.name;
          const fragment = fragments.get(name);
          if (fragment && !seen.has(name)) {
            seen.add(name);
            collect(fragment.selectionSet);
          }
        }
      }
    }
  };
  collect(operation.selectionSet);
  return found;
}

/** A hash of the account in the arguments of a field, in any spelling; `undefined` when there is none. */
function accountOf(
  schema: GraphQLSchema,
  { operation }: OperationDefinitionNode,
  field: FieldNode,
  variables: Readonly<Record<string, unknown>>,
): string | undefined {
  const definition = schema.getRootType(operation)?.getFields()[field.name.value];
  if (!definition) return undefined;
  const values = argumentsOf(() => getArgumentValues(definition, field, { ...variables }));
  const account = findAccount(values) ?? findAccount(Object.values(values).find(isRecord));
  if (account === undefined) return undefined;
  // No account name is that long: attempts with such names are counted together.
  return hashOf(canonicalAccountName(account) ?? 'too long');
}

function hashOf(account: string): string {
  return createHash('sha256').update(account).digest('base64url');
}

/** Invalid arguments are refused by execution. */
function argumentsOf(read: () => Record<string, unknown>): Record<string, unknown> {
  try {
    return read();
  } catch {
    return {};
  }
}

function findAccount(values: Readonly<Record<string, unknown>> | undefined): string | undefined {
  for (const name of accountNames) {
    const value = values && Object.hasOwn(values, name) ? values[name] : undefined;
    if (typeof value === 'string') return value;
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
