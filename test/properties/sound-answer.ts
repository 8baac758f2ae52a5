import { expect } from '@jest/globals';
import { patienceMs } from '../support/patience.ts';

/** An answer as far as every property looks at it. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** An answer takes this long at most, on a machine under load. */
export const answerTimeoutMs = 5_000;

/** Sends a request. Rejects when the answer takes longer than 5 s, or the connection ends without one. */
export async function send(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(patienceMs) });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** Sends a body of JSON, as it is, to the GraphQL address. */
export function sendJson(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return send(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}

/** Whatever was asked: not our failure, with its correlation id, JSON, and nothing of our inside. */
export function expectSound({ status, headers, text }: Answer): void {
  expect({ status, text, isOurFailure: status >= 500 }).toEqual({
    status,
    text,
    isOurFailure: false,
  });
  expect(headers.get('x-correlation-id')).toMatch(/^[\w.-]{8,64}$/);
  if (text !== '') expect(isJson(text) ? 'JSON' : text).toBe('JSON');
  expect(text).not.toMatch(/node_modules|\.[jt]s:\d|\\n +at |127\.0\.0\.1|localhost/);
}

/** What a prototype that was polluted would have more of, or otherwise. */
export function prototypes(): unknown {
  return [Object, Array, Function, String].map(({ prototype }) =>
    Reflect.ownKeys(prototype).map((key) => [
      String(key),
      typeof Object.getOwnPropertyDescriptor(prototype, key)?.value,
    ]),
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
