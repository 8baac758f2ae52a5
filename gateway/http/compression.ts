import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { type Encoding, encodingFor } from './accept-encoding.ts';
import type { Exchange } from './exchange.ts';

/** A body in an encoding that its client takes. */
export interface CompressedBody {
  readonly encoding: Encoding;
  readonly bytes: Buffer;
}

/**
 * Compresses the answer to a query where it pays: from 1 KB, when the client takes it, and while few others are being
 * compressed; `undefined` sends it as it is. Answers to mutations are never compressed: they may hold a new secret beside
 * text that somebody else chose, whose length would then tell of it (BREACH).
 */
export async function compressAnswer(
  { request, operation }: Pick<Exchange, 'request' | 'operation'>,
  body: string,
): Promise<CompressedBody | undefined> {
  if (body.length < bytesMin || operation?.operationKind !== 'query') return undefined;
  const encoding = encodingFor(request.headers['accept-encoding']);
  if (!encoding || running >= runningMax) return undefined;
  running += 1;
  try {
    return { encoding, bytes: await compress[encoding](body) };
  } finally {
    running -= 1;
  }
}

/** Less fits into one packet anyhow. */
const bytesMin = 1_024;

/** libuv has four threads, in which passwords and names of hosts have their turn, too. */
const runningMax = 2;
let running = 0;

/** In another thread, at the levels that take the least time. */
const compress: Readonly<Record<Encoding, (body: string) => Promise<Buffer>>> = {
  br: (body) => brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
  gzip: (body) => promisify(gzip)(body, { level: 1 }),
};

const brotli = promisify(brotliCompress);
