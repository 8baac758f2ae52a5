import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const rules = ['.dependency-cruiser.js', 'eslint.config.js', 'tsconfig.json', 'package.json'];

/** A temporary folder with the rules and packages of this project and nothing else, to plant files into. */
export interface EmptyHouse {
  plant(file: string, text: string): Promise<void>;
  /** The standard output of a tool of this project, run in the folder, whatever its exit code. */
  run(tool: string, ...args: string[]): Promise<string>;
  remove(): Promise<void>;
}

/** Makes an empty house. The caller removes it. */
export async function createEmptyHouse(): Promise<EmptyHouse> {
  const folder = await mkdtemp(join(tmpdir(), 'house-'));
  for (const file of rules) await copyFile(file, join(folder, file));
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  return {
    async plant(file, text) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
    },
    run(tool, ...args) {
      const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024, timeout: 60_000 };
      const program = resolve('node_modules', tool);
      return new Promise((resolve) => {
        execFile(process.execPath, [program, ...args], options, (_error, stdout) =>
          resolve(stdout),
        );
      });
    },
    remove: () => rm(folder, { recursive: true }),
  };
}
