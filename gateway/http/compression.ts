import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { type Encoding, encodingFor } from './accept-encoding.ts';
import type { Exchange } from './exchange.ts';

/** A body in an encoding that the client accepts. */
export interface CompressedBody {
  readonly encoding: Encoding;
  readonly bytes: Buffer;
}

/**
 * Compresses the response to a query when it is worth it: from 1 KB, if the client accepts it, and while few others are
 * being compressed; `undefined` sends it uncompressed. Responses to mutations are never compressed: they may contain a
 * new secret next to text chosen by an attacker, and the compressed length would reveal it (BREACH).
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

/** A smaller body fits into one packet anyway. */
const bytesMin = 1_024;

/** libuv has four threads, which password hashing and DNS lookups need too. */
const runningMax = 2;
let running = 0;

/** In another thread, at the fastest levels. */
const compress: Readonly<Record<Encoding, (body: string) => Promise<Buffer>>> = {
  br: (body) => brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
  gzip: (body) => promisify(gzip)(body, { level: 1 }),
};

const brotli = promisify(brotliCompress);
