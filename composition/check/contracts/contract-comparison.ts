import type { KnownOperation } from '../../operations/known-operation.ts';
import type { ContractSide, ContractSides } from './contract-side.ts';

/** A contract on both sides of a check. */
export interface ContractComparison {
  readonly name: string;
  /** Absent where the list of that side does not have it. */
  readonly base: ContractSide | undefined;
  readonly head: ContractSide | undefined;
  /** The operations that are said to be of this contract. */
  readonly operations: readonly KnownOperation[];
}

/** Matches the contracts of two sides by their names. */
export function compareContracts(
  base: ContractSides,
  head: ContractSides,
  operationsOf: (name: string) => readonly KnownOperation[],
): readonly ContractComparison[] {
  return [...new Set([...base.keys(), ...head.keys()])].sort().map((name) => ({
    name,
    base: base.get(name),
    head: head.get(name),
    operations: operationsOf(name),
  }));
}
