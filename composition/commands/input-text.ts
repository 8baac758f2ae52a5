import { messageOf } from '../../common/errors.ts';
import { readTextFile } from '../read-text.ts';
import { type Surroundings, UsageError } from './command.ts';

/** The most bytes that are read of what is piped in. */
const inputMaxBytes = 16 * 1024 * 1024;

/** The text of a file, or with `-` what was piped in. Throws a UsageError when it cannot be read. */
export async function inputText(path: string, { input }: Surroundings): Promise<string> {
  if (path === '-') return textOf(input);
  try {
    return await readTextFile(path);
  } catch (error) {
    throw new UsageError(`Cannot read ${path}: ${messageOf(error)}`, 'Name a file that is there.');
  }
}

async function textOf(input: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of input) {
    bytes += chunk.byteLength;
    if (bytes > inputMaxBytes) throw new UsageError(`The input has over ${inputMaxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
