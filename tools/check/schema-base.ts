import { dirname, join } from 'node:path';
import { findGitBase } from '../../composition/check/git-base.ts';
import { UsageError } from '../../composition/commands/command.ts';

/** What the schemas of a working tree are compared with. */
export interface SchemaBase {
  /** Options of `supergraph check`. */
  readonly options: readonly string[];
  /** Why it is less than the change of a branch; absent when it is not. */
  readonly note?: string;
}

/**
 * Where the branch left the main branch, which on the main branch is its own commit. A clone without the main branch or
 * without enough history is compared with its commit, and a folder without git with the supergraph in it: a gate must
 * not fail because of how the files came here.
 */
export async function schemaBaseOf(config: string): Promise<SchemaBase> {
  const reason = await whyNot(config, undefined);
  if (reason === undefined) return { options: [] };
  if ((await whyNot(config, 'HEAD')) === undefined) {
    const note = `${reason}\nOnly what is not committed is compared, with HEAD. For the change of the branch: git fetch --unshallow origin, or npm run check:schema -- --base REF.`;
    return { options: ['--base', 'HEAD'], note };
  }
  const file = join(dirname(config), 'supergraph.graphql');
  return {
    options: ['--base-file', file],
    note: `${reason}\nOnly what is not composed yet is compared, with ${file}.`,
  };
}

async function whyNot(config: string, ref: string | undefined): Promise<string | undefined> {
  try {
    await findGitBase(config, ref);
    return undefined;
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}
