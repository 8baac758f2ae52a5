import { readFile, stat } from 'node:fs/promises';

/** Reads the text of a file; rejects with an error that says why it cannot. */
export type ReadText = (path: string) => Promise<string>;

/** The maximum size in bytes of a schema or list of subgraphs; the largest known schemas have a few million. */
const textMaxBytes = 64 * 1024 * 1024;

/** Reads from disk. */
export async function readTextFile(path: string): Promise<string> {
  const { size } = await stat(path);
  if (size > textMaxBytes) throw new Error(`the file has over ${textMaxBytes} bytes`);
  return readFile(path, 'utf8');
}
