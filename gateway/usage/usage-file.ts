import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The options of a file that is appended to. */
export interface UsageFileOptions {
  readonly file: string;
  /** The size from which on a new file is begun. */
  readonly maxFileBytes: number;
  /** How many full files are kept. */
  readonly keptFiles: number;
}

/** As much is put together at once, so that requests need not wait long. */
const writtenAtOnce = 64 * 1024;

/**
 * Appends lines to a file; a full one is named `.1`, the one before it `.2`, and so on. Either all lines are in the file
 * afterwards, or it rejects and none is.
 */
export async function appendLines(
  lines: readonly string[],
  { file, maxFileBytes, keptFiles }: UsageFileOptions,
): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  if (!(await takesMore(file, maxFileBytes))) await shift(file, keptFiles);
  const handle = await open(file, 'a', 0o640);
  try {
    const { size } = await handle.stat();
    try {
      for (const part of partsOf(lines)) await handle.appendFile(part);
    } catch (error) {
      await handle.truncate(size);
      throw error;
    }
  } finally {
    await handle.close();
  }
}

/** Whether a file has room, and ends with a whole line: a gateway may have been killed while it wrote. */
async function takesMore(file: string, maxFileBytes: number): Promise<boolean> {
  const handle = await open(file, 'r').catch(ignoreAbsent);
  if (!handle) return true;
  try {
    const { size } = await handle.stat();
    if (size === 0 || size >= maxFileBytes) return size === 0;
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer.toString() === '\n';
  } finally {
    await handle.close();
  }
}

function* partsOf(lines: readonly string[]): Generator<string> {
  let part = '';
  for (const line of lines) {
    part += line;
    if (part.length < writtenAtOnce) continue;
    yield part;
    part = '';
  }
  if (part !== '') yield part;
}

/** The oldest is replaced. */
async function shift(file: string, keptFiles: number): Promise<void> {
  for (let number = keptFiles - 1; number >= 1; number -= 1) {
    await rename(`${file}.${number}`, `${file}.${number + 1}`).catch(ignoreAbsent);
  }
  await rename(file, `${file}.1`);
}

function ignoreAbsent(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
