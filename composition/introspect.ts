import { z } from 'zod';
import type { SchemaSource } from './config.ts';

const defaultDeadlineMs = 10_000;

/** The maximum size of a response in bytes; the largest known schemas have a few million. */
const answerMaxBytes = 16 * 1024 * 1024;

const answerSchema = z.object({ data: z.object({ _service: z.object({ sdl: z.string() }) }) });

/**
 * Asks a running subgraph for its schema (`_service { sdl }`). Follows no redirect. Rejects with an
 * error that says what was received instead.
 */
export async function introspect(
  { url, headers }: Extract<SchemaSource, { kind: 'subgraph' }>,
  fetch: typeof globalThis.fetch,
  deadlineMs = defaultDeadlineMs,
): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query: '{ _service { sdl } }' }),
    redirect: 'error',
    signal: AbortSignal.timeout(deadlineMs),
  }).catch((error: unknown) => {
    throw new Error(`${url} does not answer: ${reasonOf(error)}`, { cause: error });
  });
  const text = await textWithin(response, answerMaxBytes);
  const answer = answerSchema.safeParse(jsonOf(text));
  if (!answer.success) {
    throw new Error(
      `${url} answers ${response.status} and no data._service.sdl: ${text.slice(0, 200)}`,
    );
  }
  return answer.data.data._service.sdl;
}

async function textWithin({ body }: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new Error(`the answer has over ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** fetch only says "fetch failed"; the reason is in the cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as { readonly message: string; readonly cause?: unknown };
  return cause instanceof Error ? cause.message || message : message;
}
