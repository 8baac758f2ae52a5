import { readFile, stat } from 'node:fs/promises';

/** Reads the text of a file; rejects with an error that says why it cannot. */
export type ReadText = (path: string) => Promise<string>;

/** The most bytes of a schema or of a list of subgraphs; the largest schemas that are known have a few millions. */
const textMaxBytes = 64 * 1024 * 1024;

/** Reads from the disk. */
export async function readTextFile(path: string): Promise<string> {
  const { size } = await stat(path);
  if (size > textMaxBytes) throw new Error(`the file has over ${textMaxBytes} bytes`);
  return readFile(path, 'utf8');
}
