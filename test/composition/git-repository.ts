import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A repository in a folder of its own. */
export interface Repository {
  readonly folder: string;
  /** Runs git there, and gives what it says. */
  readonly git: (...args: readonly string[]) => string;
  /** Writes files and commits them; gives the commit. */
  readonly commit: (files: Readonly<Record<string, string>>) => Promise<string>;
  readonly write: (files: Readonly<Record<string, string>>) => Promise<void>;
}

/** Makes a repository whose branch is called main, and takes it away afterwards. */
export async function withRepository(
  use: (repository: Repository) => Promise<void>,
): Promise<void> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'check-')));
  const git = (...args: readonly string[]): string =>
    execFileSync(
      'git',
      ['-C', folder, '-c', 'user.name=A Test', '-c', 'user.email=test@example.com', ...args],
      { encoding: 'utf8', stdio: 'pipe' },
    ).trim();
  const write: Repository['write'] = async (files) => {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
  };
  try {
    git('init', '--quiet', '--initial-branch=main');
    await use({
      folder,
      git,
      write,
      commit: async (files) => {
        await write(files);
        git('add', '--all');
        git('commit', '--quiet', '--allow-empty', '-m', 'a commit');
        return git('rev-parse', 'HEAD');
      },
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A list of subgraphs with a file each. */
export function listOf(...names: readonly string[]): string {
  const entries = names.map(
    (name) =>
      `  ${name}:\n    routing_url: http://127.0.0.1/${name}\n    schema:\n      file: ./schemas/${name}.graphql\n`,
  );
  return `subgraphs:\n${entries.join('')}`;
}
