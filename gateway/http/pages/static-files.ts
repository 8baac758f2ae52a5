import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Encoding, encodingFor } from '../accept-encoding.ts';
import { sendError } from '../json-errors.ts';
import { headersOfOneClient } from '../shared-answers.ts';

/** Files of this server, under names that change with their content. */
export interface StaticFiles {
  /** Adds a file and returns its address. Its type is that of its extension, `.js` or `.css`. */
  add(name: string, content: string): string;
  /** Answers a request for the file in the route parameter `file`; 404 when there is none. */
  send(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>;
}

interface File {
  readonly type: string;
  readonly content: Buffer;
  readonly encoded: Map<Encoding, Promise<Buffer>>;
}

/** Files under an address that any cache may keep forever. Each is compressed once, at its first request. */
export function createStaticFiles(folder: string): StaticFiles {
  const files = new Map<string, File>();
  return {
    add: (name, content) => {
      const hash = createHash('sha256').update(content).digest('hex').slice(0, 16);
      const hashed = name.replace('.', `.${hash}.`);
      const type = name.endsWith('.css') ? 'text/css' : 'text/javascript';
      files.set(hashed, { type, content: Buffer.from(content), encoded: new Map() });
      return `${folder}/${hashed}`;
    },
    send: async (request, reply) => {
      const { file: name } = request.params as { readonly file: string };
      const file = files.get(name);
      if (!file) return sendError(reply, 'NOT_FOUND', 'This address does not exist.');
      void reply
        .type(`${file.type}; charset=utf-8`)
        .header('cache-control', 'public, max-age=31536000, immutable')
        .header('vary', 'origin, accept-encoding');
      for (const header of headersOfOneClient) reply.raw.removeHeader(header);
      const encoding = encodingFor(request.headers['accept-encoding']);
      if (!encoding) return reply.send(file.content);
      let encoded = file.encoded.get(encoding);
      if (!encoded) {
        encoded = compress[encoding](file.content);
        file.encoded.set(encoding, encoded);
      }
      return reply.header('content-encoding', encoding).send(await encoded);
    },
  };
}

/** In another thread; 9 MB take less than a second. */
const compress: Readonly<Record<Encoding, (content: Buffer) => Promise<Buffer>>> = {
  br: (content) =>
    promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (content) => promisify(gzip)(content, { level: 6 }),
};
