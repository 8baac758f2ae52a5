import { dirname, posix, relative, resolve, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { UsageError } from '../commands/command.ts';
import type { ReadText } from '../read-text.ts';
import { type AskGit, gitIn, GitUnavailableError } from './git.ts';

/** The commit that the working tree is compared with. */
export interface GitBase {
  /** A description, such as `main (merge base 1a2b3c4d5e6f)`. */
  readonly description: string;
  /** Reads the commit's version of a file, by its path in the working tree. */
  readonly readText: ReadText;
}

const mainBranches = ['origin/main', 'main', 'origin/master', 'master'];

/**
 * Finds the commit: the given one, or else the merge base with the main branch. Throws a UsageError when there is no
 * repository or no such commit.
 */
export async function findGitBase(
  configPath: string,
  named: string | undefined,
  createGit: (folder: string) => AskGit = gitIn,
): Promise<GitBase> {
  const folder = dirname(resolve(configPath));
  const git = createGit(folder);
  try {
    const prefix = await prefixOf(git, folder);
    const { commit, description } =
      named === undefined ? await mergeBase(git) : await commitOf(git, named);
    const readBlob = blobsOf(git, commit);
    return { description, readText: async (path) => readBlob(pathIn(prefix, folder, path)) };
  } catch (error) {
    if (!(error instanceof GitUnavailableError)) throw error;
    throw new UsageError(`The base cannot be read: ${error.message}.`, fileInstead);
  }
}

const fileInstead = 'Compare with a supergraph that is in a file: --base-file supergraph.graphql.';

const unshallow =
  'Fetch the whole history with `git fetch --unshallow` (fetch-depth: 0 in GitHub Actions), or name a commit: --base REF.';

async function prefixOf(git: AskGit, folder: string): Promise<string> {
  const { code, out, err } = await git(['rev-parse', '--show-prefix']);
  if (code === 0) return out.toString().replace(/\n$/, '');
  const reason = err.split('\n')[0] ?? '';
  throw new UsageError(
    reason.includes('not a git repository')
      ? `The base cannot be read: ${folder} is in no git repository.`
      : `The base cannot be read: git says "${reason}".`,
    fileInstead,
  );
}

interface Commit {
  readonly commit: string;
  readonly description: string;
}

async function commitOf(git: AskGit, ref: string): Promise<Commit> {
  const commit = await resolveCommit(git, ref);
  if (commit === undefined) {
    const shallow = await shallowly(git);
    throw new UsageError(
      `The base "${ref}" is no commit of this repository${shallow}.`,
      shallow === ''
        ? `Name a branch, tag or commit; one of a remote has to be fetched first: git fetch origin ${ref.replace(/^origin\//, '')}.`
        : unshallow,
    );
  }
  return { commit, description: `${ref} (${short(commit)})` };
}

async function mergeBase(git: AskGit): Promise<Commit> {
  for (const branch of mainBranches) {
    const tip = await resolveCommit(git, branch);
    if (tip === undefined) continue;
    const { code, out } = await git(['merge-base', tip, 'HEAD']);
    const commit = out.toString().trim();
    if (code === 0 && commit !== '') {
      // A change that is committed already would otherwise seem to change nothing.
      const isHead = commit === (await resolveCommit(git, 'HEAD'));
      const note = isHead ? ', the commit that is checked out: only what is not committed' : '';
      return { commit, description: `${branch} (merge base ${short(commit)}${note})` };
    }
    throw new UsageError(
      `There is no commit that ${branch} and this branch have in common${await shallowly(git)}.`,
      unshallow,
    );
  }
  throw new UsageError(
    `There is no main branch to compare with (${mainBranches.join(', ')})${await shallowly(git)}.`,
    `Name a commit: --base REF. ${fileInstead}`,
  );
}

async function resolveCommit(git: AskGit, ref: string): Promise<string | undefined> {
  // Git would take it for an option.
  if (ref.startsWith('-') || ref.includes('\0')) return undefined;
  const { code, out } = await git(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
  const commit = out.toString().trim();
  return code === 0 && /^[0-9a-f]{40,64}$/.test(commit) ? commit : undefined;
}

async function shallowly(git: AskGit): Promise<string> {
  const { out } = await git(['rev-parse', '--is-shallow-repository']);
  return out.toString().trim() === 'true' ? ': the clone is shallow' : '';
}

function short(commit: string): string {
  return commit.slice(0, 12);
}

/** A working-tree path relative to the top of the repository, as git expects. */
function pathIn(prefix: string, folder: string, path: string): string {
  const inFolder = relative(folder, resolve(path)).split(sep).join('/');
  const inRepository = posix.normalize(`${prefix}${inFolder}`);
  if (inRepository.startsWith('../') || posix.isAbsolute(inRepository)) {
    throw new Error(`${path} is outside of the git repository`);
  }
  return inRepository;
}

/** Reads files of a commit, each once. Follows links, as reading from the disk does. */
function blobsOf(git: AskGit, commit: string): ReadText {
  const known = new Map<string, Promise<string>>();
  let waiting: string[] = [];
  let answered: Promise<ReadonlyMap<string, string>> | undefined;
  // Starting a process takes longer than reading many files: git is asked once for all that are wanted at a time.
  const ask = async (): Promise<ReadonlyMap<string, string>> => {
    await setImmediate();
    const paths = waiting;
    [waiting, answered] = [[], undefined];
    return readBlobs(git, commit, paths);
  };
  const read: ReadText = async (path) => {
    if (path.includes('\n')) throw new Error('its name has an end of line');
    waiting.push(path);
    const text = (await (answered ??= ask())).get(path);
    if (text === undefined) throw new Error(`${path} is not in the commit ${short(commit)}`);
    return text;
  };
  return (path) => {
    const text = known.get(path) ?? read(path);
    known.set(path, text);
    return text;
  };
}

/** The files that there are, by their paths. */
async function readBlobs(
  git: AskGit,
  commit: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const asked = paths.map((path) => `${commit}:${path}\n`).join('');
  const { out } = await git(['cat-file', '--batch', '--follow-symlinks'], asked);
  const texts = new Map<string, string>();
  let at = 0;
  for (const path of paths) {
    const end = out.indexOf('\n', at);
    if (end < 0) break;
    // `<object> <type> <size>`; for what is not there, what was asked or where a link leads, with the bytes of that.
    const line = out.subarray(at, end).toString();
    const [, kind = '', size = ''] =
      /^(?:[0-9a-f]{40,64}|dangling|loop|notdir|symlink) ?(\w*) (\d+)$/.exec(line) ?? [];
    at = end + 1;
    if (size === '') continue;
    const bytes = out.subarray(at, at + Number(size));
    at += Number(size) + 1;
    if (kind === 'blob') texts.set(path, bytes.toString('utf8'));
  }
  return texts;
}
