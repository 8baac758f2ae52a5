import { isDeepStrictEqual } from 'node:util';

/** How many differing texts of right answers are kept. */
const acceptedMax = 8;

/** Says what is wrong with an answer; nothing when it is right. */
export type Check = (status: number, body: Buffer) => string | undefined;

/**
 * Compares each answer with what is expected: the first time by value, and from then on by its bytes. An answer is
 * right when its status is 200, its `data` equals and it has no errors.
 */
export function createCheck(data: unknown): Check {
  const accepted: Buffer[] = [];
  return (status, body) => {
    if (status === 200 && accepted.some((known) => known.equals(body))) return undefined;
    const wrong = compare(status, body, data);
    if (wrong === undefined && accepted.length < acceptedMax) accepted.push(body);
    return wrong;
  };
}

function compare(status: number, body: Buffer, data: unknown): string | undefined {
  const text = body.toString('utf8');
  if (status !== 200) return `expected status 200, got ${status}: ${excerptOf(text)}`;
  const answer = parse(text);
  if (answer?.errors !== undefined) return `expected no errors, got ${excerptOf(text)}`;
  if (!isDeepStrictEqual(answer?.data, data)) {
    return `expected ${excerptOf(JSON.stringify({ data }))}, got ${excerptOf(text)}`;
  }
  return undefined;
}

function parse(text: string): { readonly data?: unknown; readonly errors?: unknown } | undefined {
  try {
    return JSON.parse(text) as { readonly data?: unknown; readonly errors?: unknown };
  } catch {
    return undefined;
  }
}

function excerptOf(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
