import { nearest } from '../../common/nearest.ts';
import type { CheckSettings } from '../check/settings/check-settings.ts';
import type { ContractEntry } from '../config.ts';
import type { KnownOperation } from '../operations/known-operation.ts';
import { readOperations } from '../operations/read-operations.ts';
import { UsageError } from './command.ts';

/** Throws a UsageError when the settings have operations of a contract that the list of subgraphs does not have. */
export function refuseUnknownContracts(
  settings: CheckSettings,
  contracts: readonly ContractEntry[],
): void {
  const names = contracts.map(({ name }) => name);
  for (const name of Object.keys(settings.contracts)) {
    if (names.includes(name)) continue;
    const meant = nearest(name, names);
    throw new UsageError(
      `The settings of the check have a contract "${name}", which the list of subgraphs does not have${meant === undefined ? '.' : `; did you mean ${meant}?`}`,
      'List it under `contracts` beside the subgraphs, or remove it from schema-check.yaml.',
    );
  }
}

/** Of known operations, those that the settings say are of a contract. */
export async function operationsByContract(
  { contracts }: CheckSettings,
  known: readonly KnownOperation[],
): Promise<(name: string) => readonly KnownOperation[]> {
  const entries = Object.entries(contracts).map(async ([name, { operations }]) => {
    const own = new Set((await readOperations(operations)).map(keyOf));
    return [name, known.filter((operation) => own.has(keyOf(operation)))] as const;
  });
  const byName = new Map(await Promise.all(entries));
  return (name) => byName.get(name) ?? [];
}

function keyOf({ name, place }: KnownOperation): string {
  return JSON.stringify([place?.file, place?.line, place?.column, name]);
}
