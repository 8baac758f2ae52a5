import type { GraphQLSchema } from 'graphql';
import { apiRules } from '../api-rules.ts';
import type { Change } from '../change.ts';
import type { CheckCodeName } from '../codes.ts';
import { membersOf } from '../members.ts';
import { operationChanges } from '../rules/operations.ts';
import type { ContractComparison } from './contract-comparison.ts';

/** What changed for the clients of a contract, and whether there is one at all. That it does not compose is no change. */
export function contractChanges({
  name,
  base,
  head,
  operations,
}: ContractComparison): readonly Change[] {
  if (!head) {
    return [{ code: 'CONTRACT_REMOVED', message: `The contract ${name} was removed.`, in: 'base' }];
  }
  if (!head.ok) return [];
  if (base?.ok) {
    return [
      ...apiRules.flatMap((rule) => rule(base.api, head.api)),
      ...operationChanges(base.api, head.api, operations),
    ];
  }
  const [problem] = base?.problems ?? [];
  const change: Change = problem
    ? {
        code: 'CONTRACT_NOT_COMPARED',
        message: `The contract ${name} cannot be made of the base: nothing was compared for it. ${problem.message}`,
        in: 'head',
      }
    : { code: 'CONTRACT_ADDED', message: `The contract ${name} is new.`, in: 'head' };
  return [change, ...operationChanges(head.api, head.api, operations)];
}

/** What a removal from a contract may be of, while it stays in the graph. */
const removals: ReadonlySet<CheckCodeName> = new Set([
  'TYPE_REMOVED',
  'FIELD_REMOVED',
  'ARGUMENT_REMOVED',
  'INPUT_FIELD_REMOVED',
  'ENUM_VALUE_REMOVED',
]);

/** Says of what left a contract that it is in the graph still, and points at it there. */
export function markHidden(graph: GraphQLSchema): (change: Change) => Change {
  let members: ReturnType<typeof membersOf> | undefined;
  return (change) => {
    const { code, coordinate } = change;
    if (!removals.has(code) || coordinate === undefined) return change;
    members ??= membersOf(graph);
    if (!members.has(coordinate)) return change;
    return {
      ...change,
      in: 'head',
      details: ['It is in the graph still; its tags no longer show it in the contract.'],
      fix: 'Keep the tags that show it until no client of the contract uses it.',
    };
  };
}

/** What makes two changes the same, in the graph and in a contract of it. */
export function identityOf({ code, coordinate, message, operations = [] }: Change): string {
  if (operations.length > 0 && coordinate === undefined) {
    const [{ name, place } = { name: '' }] = operations;
    return JSON.stringify([code, name, place?.file, place?.line]);
  }
  // They say more than what changed: which other field there is, and where values are given.
  const isOfItself = /^ENUM_VALUE_|_CONFLICT$/.test(code);
  return JSON.stringify([code, coordinate, isOfItself ? '' : message]);
}
