import { type Finding, noBase } from '../check/finding.ts';
import {
  composeGitBase,
  type Head,
  readBaseFile,
  type SideWithContracts,
  sideWithContracts,
} from '../check/load-base.ts';
import { findingsOfProblems } from '../check/new-hints.ts';
import { keysGone } from '../check/ownership/keys-gone.ts';
import { type ComposeOptions, composeRead } from '../compose.ts';
import type { ContractEntry } from '../config.ts';
import type { CompositionProblem } from '../problem.ts';
import { type Given, UsageError } from './command.ts';

/** Both sides of a check, or why they cannot be compared. The name is that of the base. */
export type Sides =
  | {
      readonly ok: true;
      readonly name: string;
      readonly base: SideWithContracts;
      readonly head: SideWithContracts;
    }
  | {
      readonly ok: false;
      readonly name: string;
      /** Why, and what else the change did. */
      readonly findings: readonly Finding[];
      readonly reason: string;
    };

/** Composes the working tree, and then its base. */
export async function composeSides(
  given: Given,
  head: Head,
  composing: ComposeOptions,
): Promise<Sides> {
  const composition = await composeRead(head.read, composing);
  if (!composition.ok) return notComposed(given, head, composing, composition.problems);
  const side = sideWithContracts(composition);
  const base = await readBase(given, head, composing, composition.contracts);
  const { name } = base;
  if (base.ok === 'same') return { ok: true, name, base: side, head: side };
  if (base.ok) return { ok: true, name, base, head: side };
  const findings = findingsOfProblems(base.problems);
  const reason = `The base ${name} does not compose: nothing was compared.`;
  return { ok: false, name, findings, reason };
}

/** The subgraphs do not compose; where there is a base, the keys that they no longer have are told, too. */
async function notComposed(
  given: Given,
  head: Head,
  composing: ComposeOptions,
  problems: readonly CompositionProblem[],
): Promise<Sides> {
  const findings = findingsOfProblems(problems);
  const reason = 'The subgraphs do not compose: nothing was compared.';
  const nothing: Sides = { ok: false, name: noBase, findings, reason };
  if (!head.read.ok) return nothing;
  try {
    const base = await readBase(given, head, composing, []);
    if (base.ok !== true) return nothing;
    const gone = keysGone(base.side, head.read.subgraphs);
    if (gone.length === 0) return nothing;
    return {
      ok: false,
      name: base.name,
      findings: [...findings, ...gone],
      reason: 'The subgraphs do not compose: only their keys were compared.',
    };
  } catch (error) {
    if (error instanceof UsageError) return nothing;
    throw error;
  }
}

async function readBase(
  given: Given,
  head: Head,
  composing: ComposeOptions,
  contracts: readonly ContractEntry[],
): ReturnType<typeof composeGitBase> {
  const file = given.text('base-file');
  if (file !== undefined) return readBaseFile(file, contracts);
  return composeGitBase(composing, given.text('base'), head);
}
