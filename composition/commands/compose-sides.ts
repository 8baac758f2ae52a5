import { noBase } from '../check/finding.ts';
import {
  composeGitBase,
  type Head,
  readBaseFile,
  type SideWithContracts,
  sideWithContracts,
} from '../check/load-base.ts';
import { type ComposeOptions, composeRead } from '../compose.ts';
import type { CompositionProblem } from '../problem.ts';
import type { Given } from './command.ts';

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
      readonly problems: readonly CompositionProblem[];
      readonly reason: string;
    };

/** Composes the working tree, and then its base. */
export async function composeSides(
  given: Given,
  head: Head,
  composing: ComposeOptions,
): Promise<Sides> {
  const composition = await composeRead(head.read, composing);
  if (!composition.ok) {
    const { problems } = composition;
    return { ok: false, name: noBase, problems, reason: 'The subgraphs do not compose' };
  }
  const side = sideWithContracts(composition);
  const file = given.text('base-file');
  const base =
    file === undefined
      ? await composeGitBase(composing, given.text('base'), head)
      : await readBaseFile(file, composition.contracts);
  const { name } = base;
  if (base.ok === 'same') return { ok: true, name, base: side, head: side };
  if (base.ok) return { ok: true, name, base, head: side };
  const { problems } = base;
  return { ok: false, name, problems, reason: `The base ${name} does not compose` };
}
