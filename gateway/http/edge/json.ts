import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { AppError } from '../../../common/errors.ts';

/**
 * Makes a server read JSON bodies that are valid text to the last byte. A member called `__proto__` is an ordinary one,
 * as in a query string and in subgraph responses: the parser makes it an own property, and no code here copies
 * properties by name.
 */
export function readJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('ignore', 'ignore');
  app.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    (request, body, done) => {
      const text = body.toString();
      if (!isUtf8(body) || holdsLoneSurrogate(text)) {
        done(new AppError('BAD_REQUEST', 'The body is not well-formed Unicode.'));
        return;
      }
      void parse(request, text, done);
    },
  );
}

/**
 * True for JSON with half a character in a string: an escaped surrogate without its other half. That is not valid
 * Unicode (RFC 8259 §8.2), and each downstream system would interpret it differently.
 */
export function holdsLoneSurrogate(json: string): boolean {
  if (!surrogateEscape.test(json)) return false;
  for (const [, half] of json.matchAll(escape)) {
    if (half !== undefined) return true;
  }
  return false;
}

const surrogateEscape = /\\u[dD][89a-fA-F]/;

/** Every escape, from the left, so that an escaped backslash is not mistaken for the start of another. */
const escape =
  /\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|(u[dD][89a-fA-F][\da-fA-F]{2})|[^])/g;
