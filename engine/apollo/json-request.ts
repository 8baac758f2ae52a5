import type { IncomingMessage } from 'node:http';
import { AppError } from '../../common/errors.ts';

/** How long a client may take to send a body. */
const receiveTimeoutMs = 10_000;

/** What a body asks for (GraphQL over HTTP, §5.4). */
export interface JsonRequest {
  readonly query?: string;
  readonly operationName?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/**
 * Reads the body of a POST, or takes the one that a body parser has read. Rejects with an AppError BAD_REQUEST for what is
 * no JSON request: only `application/json`, because a page of another site can send other types.
 */
export async function readJsonRequest(
  request: IncomingMessage & { readonly body?: unknown },
  maxBytes: number,
): Promise<JsonRequest> {
  const type = request.headers['content-type']?.split(';', 1).join().trim().toLowerCase();
  if (type !== 'application/json') throw badRequest('The body must be application/json.');
  const body = request.body ?? parse(await bodyOf(request, maxBytes));
  if (!isObject(body)) throw badRequest('The body must be a JSON object.');
  const { query, operationName, variables, extensions } = body;
  return {
    ...(isGiven(query) && { query: textIn('query', query) }),
    ...(isGiven(operationName) && { operationName: textIn('operationName', operationName) }),
    ...(isGiven(variables) && { variables: objectIn('variables', variables) }),
    ...(isGiven(extensions) && { extensions: objectIn('extensions', extensions) }),
  };
}

function bodyOf(request: IncomingMessage, maxBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const fail = (error: AppError): void => {
      clearTimeout(timer);
      request.pause();
      reject(error);
    };
    const timer = setTimeout(fail, receiveTimeoutMs, badRequest('The body took too long.'));
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) chunks.push(chunk);
      else fail(new AppError('PAYLOAD_TOO_LARGE', `The body has more than ${maxBytes} bytes.`));
    });
    request.once('close', () => {
      fail(badRequest('The client has disconnected.'));
    });
    request.once('end', () => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks).toString());
    });
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A parser's own message would quote the body.
    throw badRequest('The body is not valid JSON.');
  }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textIn(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw badRequest(`"${name}" must be a string.`);
}

function objectIn(name: string, value: unknown): Readonly<Record<string, unknown>> {
  if (isObject(value)) return value;
  throw badRequest(`"${name}" must be an object.`);
}

function badRequest(message: string): AppError {
  return new AppError('BAD_REQUEST', message);
}
