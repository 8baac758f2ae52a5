import type { Answer, ErrorPath, ExpectedAnswer } from './oracle.ts';

/**
 * Says in what an answer differs from the expected one; `undefined` when it does not. Data must be equal to the
 * letter. An error must stand at each null that an error caused, and at no other. Where several failures lie under
 * one null, the specification leaves open which of them are reported (GraphQL spec §6.4.4): any of them will do.
 */
export function differenceOf(expected: ExpectedAnswer, actual: Answer): string | undefined {
  if (actual.data !== expected.data) return 'data';
  const data: unknown = JSON.parse(expected.data);
  const seen = new Set<string>();
  const expectedPaths = new Set(expected.errorPaths.map(textOf));
  const answered = new Set<string>();
  for (const path of actual.errorPaths) {
    const text = textOf(path);
    if (!path) return 'an error without a path';
    if (seen.has(text)) return `more than one error at ${text}`;
    seen.add(text);
    const place = nullAbove(data, path);
    if (!place) return `an error at ${text}, where there is a value`;
    answered.add(textOf(place));
    const isVisible = place.length === path.length;
    const isRight = isVisible
      ? expectedPaths.has(text)
      : valueAt(expected.withoutPropagation, path) === null;
    if (!isRight) return `an error at ${text}, where nothing failed`;
  }
  for (const path of expected.errorPaths) {
    const place = path && nullAbove(data, path);
    if (!place || !answered.has(textOf(place))) return `no error at ${textOf(path)}`;
  }
  return undefined;
}

/** The shortest beginning of the path at which the data is null; `undefined` when it leads to a value. */
function nullAbove(data: unknown, path: NonNullable<ErrorPath>): ErrorPath {
  let value = data;
  for (let length = 0; length <= path.length; length += 1) {
    if (value === null) return path.slice(0, length);
    const step = path[length];
    if (step === undefined) return undefined;
    value = stepInto(value, step);
  }
  return undefined;
}

function valueAt(data: unknown, path: NonNullable<ErrorPath>): unknown {
  return path.reduce<unknown>(stepInto, data);
}

function stepInto(value: unknown, step: string | number): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, step)
    ? (value as Readonly<Record<string | number, unknown>>)[step]
    : undefined;
}

function textOf(path: ErrorPath): string {
  return JSON.stringify(path ?? null);
}
