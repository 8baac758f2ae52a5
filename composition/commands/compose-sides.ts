import { availableParallelism } from 'node:os';
import { noBase } from '../check/finding.ts';
import {
  composeGitBase,
  type Head,
  readBaseFile,
  type SideWithContracts,
  sideWithContracts,
} from '../check/load-base.ts';
import { type ComposeOptions, composeRead, isLarge } from '../compose.ts';
import type { CompositionProblem } from '../problem.ts';
import type { Given, Surroundings } from './command.ts';

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

/** Composes the working tree and its base, large ones at the same time where there are two processors. */
export async function composeSides(
  given: Given,
  head: Head,
  composing: ComposeOptions,
  { composeApart }: Surroundings,
): Promise<Sides> {
  const ended = new AbortController();
  const options = { ...composing, composeApart: composeApart?.(ended.signal) };
  const file = given.text('base-file');
  const fromGit = () => composeGitBase(options, given.text('base'), head);
  const isApart = options.composeApart && availableParallelism() > 1;
  const early = isApart && file === undefined && isLarge(head.read) ? fromGit() : undefined;
  // It is waited for below, unless the working tree does not compose.
  early?.catch(() => undefined);
  try {
    const composition = await composeRead(head.read, options);
    if (!composition.ok) {
      const { problems } = composition;
      return { ok: false, name: noBase, problems, reason: 'The subgraphs do not compose' };
    }
    const side = sideWithContracts(composition);
    const base =
      file === undefined
        ? await (early ?? fromGit())
        : await readBaseFile(file, composition.contracts);
    const { name } = base;
    if (base.ok === 'same') return { ok: true, name, base: side, head: side };
    if (base.ok) return { ok: true, name, base, head: side };
    const { problems } = base;
    return { ok: false, name, problems, reason: `The base ${name} does not compose` };
  } finally {
    ended.abort();
  }
}
