import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import {
  appendFile,
  mkdir,
  mkdtemp,
  open,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { watchFiles } from './watch-files.ts';

const run = promisify(execFile);

/** A way to change the content of a file; `file` has a folder of its own. */
type Change = (
  file: string,
  text: string,
  folder: string,
  looked: (times: number) => Promise<void>,
) => Promise<unknown>;

const rewrite: Change = (file, text) => writeFile(file, text);

const replaceByRename: Change = async (file, text) => {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
};

/** Works like Kubernetes: the file is a link into `..data`, which is a link to the folder of one version. */
const swapConfigMap: Change = async (_file, text, folder) => {
  const version = join(folder, `..${text.replaceAll(/\W/g, '_')}`);
  await mkdir(version);
  await writeFile(join(version, 'file.txt'), text);
  await symlink(version, join(folder, '..data_tmp'));
  await rename(join(folder, '..data_tmp'), join(folder, '..data'));
};

const changes: readonly (readonly [what: string, change: Change, begin?: Change])[] = [
  ['written in place', rewrite],
  ['replaced by renaming another file over it', replaceByRename],
  ['edited by sed -i', (file, text) => run('sed', ['-i', `s/.*/${text}/`, file])],
  [
    'deleted, and created again later',
    async (file, text, _folder, looked) => {
      await rm(file);
      await looked(3);
      await writeFile(file, text);
    },
  ],
  [
    'moved away by an editor that keeps a copy',
    async (file, text) => {
      await rename(file, `${file}~`);
      await writeFile(file, text);
    },
  ],
  [
    'checked out by git',
    async (file, text, folder) => {
      const git = (...args: string[]): Promise<unknown> =>
        run('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args]);
      await git('init', '--quiet');
      await git('add', '--all');
      await git('commit', '--quiet', '-m', 'before');
      await writeFile(file, text);
      await git('stash', '--quiet');
      await git('stash', 'pop', '--quiet');
    },
  ],
  [
    'a link into a swapped ConfigMap',
    swapConfigMap,
    async (file, text, folder, looked) => {
      await swapConfigMap(file, text, folder, looked);
      await symlink('..data/file.txt', file);
    },
  ],
  [
    'a link that is changed to another target',
    async (file, text, folder) => {
      const target = join(folder, text.replaceAll(/\W/g, '_'));
      await writeFile(target, text);
      await symlink(target, `${file}.link`);
      await rename(`${file}.link`, file);
    },
  ],
  [
    'written in place with the same size and its old time',
    async (file, text) => {
      const { atime, mtime } = await stat(file);
      await writeFile(file, text);
      await utimes(file, atime, mtime);
    },
  ],
];

describe('common/watch-files', () => {
  let folder: string;
  let file: string;
  let watched: { close(): void } | undefined;
  let told: (readonly string[])[];
  let warnings: unknown[];
  let content: string | undefined;
  let looks = 0;

  beforeEach(async () => {
    jest.useFakeTimers({ doNotFake: ['Date', 'nextTick', 'queueMicrotask', 'setImmediate'] });
    folder = await mkdtemp(join(tmpdir(), 'watch-'));
    file = join(folder, 'file.txt');
    told = [];
    warnings = [];
  });
  afterEach(async () => {
    watched?.close();
    jest.useRealTimers();
    await rm(folder, { recursive: true });
  });

  const watch = async (list: () => readonly string[] = () => [file]): Promise<void> => {
    watched = watchFiles({
      list: () => {
        looks += 1;
        return list();
      },
      onChange: (paths) => {
        told.push(paths);
        content = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
      },
      log: { warn: (fields) => void warnings.push(fields) },
      everyMs: 20,
    });
    await until(() => told.length === 1);
    expect(told.splice(0)).toEqual([[]]);
  };

  /** Waits for complete checks of the files. */
  const looked = (times: number): Promise<void> => {
    const then = looks + times + 1;
    return until(() => looks >= then);
  };

  it.each(changes)(
    'reports each change of a file that is %s',
    async (_what, change, begin = rewrite) => {
      await begin(file, 'text 0', folder, looked);
      await watch();
      for (const text of ['text 1', 'text 2', 'text 3']) {
        await change(file, text, folder, looked);
        await until(() => content?.trim() === text);
      }
      expect(new Set(told.flat())).toEqual(new Set([file]));
    },
  );

  it('does not report a file that is touched, replaced by an equal one, or read', async () => {
    await writeFile(file, 'text');
    await watch();
    await utimes(file, new Date(), new Date());
    await looked(5);
    await replaceByRename(file, 'text', folder, looked);
    await looked(5);
    expect(told).toEqual([]);
  });

  it('reports a new file, and one that is no longer listed', async () => {
    const listed = new Set([file]);
    await watch(() => [...listed]);
    await writeFile(file, 'text');
    await until(() => told.length === 1);
    listed.clear();
    await until(() => told.length === 2);
    expect(told).toEqual([[file], [file]]);
  });

  it('reports a file only once that is written in several steps', async () => {
    await writeFile(file, 'whole');
    await watch();
    const handle = await open(file, 'w');
    for (let step = 0; step < 10; step += 1) {
      await handle.write('part ');
      await pass(20);
    }
    await handle.close();
    await until(() => told.length > 0);
    await looked(5);
    expect(told).toEqual([[file]]);
  });

  it('reports a file that is written continuously', async () => {
    await writeFile(file, '');
    await watch();
    const timer = setInterval(() => void appendFile(file, 'more'), 10);
    try {
      await until(() => told.length > 0);
    } finally {
      clearInterval(timer);
    }
  });

  it('continues when the files cannot be listed, and logs that once', async () => {
    await writeFile(file, 'text');
    let fails = false;
    await watch(() => {
      if (fails) throw new Error('no folder');
      return [file];
    });
    fails = true;
    await until(() => warnings.length > 0);
    await looked(5);
    expect(warnings).toHaveLength(1);
    fails = false;
    await writeFile(file, 'another');
    await until(() => told.length > 0);
  });

  it('does not wait for the writer of a pipe, and does not read folders', async () => {
    const pipe = join(folder, 'pipe');
    await run('mkfifo', [pipe]);
    await watch(() => [pipe, folder]);
    await rm(pipe);
    await writeFile(pipe, 'text');
    await until(() => told.flat().includes(pipe));
  });
});

/** On the clock of the watcher; what the disk has to say is heard meanwhile. */
async function pass(milliseconds: number): Promise<void> {
  await jest.advanceTimersByTimeAsync(milliseconds);
  await turn();
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('It did not happen within a minute.');
    await pass(20);
  }
}
