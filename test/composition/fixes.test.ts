import { describe, expect, it } from '@jest/globals';
import { type DocumentNode, Kind, parse } from 'graphql';
import { fixesByCode } from '../../composition/fixes.ts';
import { advice } from './advice.ts';
import { composedOf, composeSchemas, problemsIn } from './composed-folder.ts';

/** Each piece of advice is followed: what had not composed composes, and all that it had is in the API. */
describe('composition: what is printed as the fix', () => {
  it.each(advice)('$code: $fix', async ({ code, fix, before, after, replaced = [], kept = '' }) => {
    const problems = problemsIn(await composeSchemas(before));
    expect(problems.map((problem) => [problem.code, problem.fix])).toContainEqual([
      code,
      expect.stringContaining(fix),
    ]);
    const { apiSdl, supergraphSdl } = composedOf(await composeSchemas(after));
    const has = coordinatesOf(parse(apiSdl));
    const had = Object.values(before).flatMap((sdl) => [...coordinatesOf(parse(sdl))]);
    const lost = had.filter((coordinate) => !has.has(coordinate) && !replaced.includes(coordinate));
    expect(lost).toEqual([]);
    expect(supergraphSdl).toContain(kept);
  });

  it('is tried here for each code that has one', () => {
    const tried = new Set(advice.map(({ code }) => code));
    expect([...fixesByCode.keys()].filter((code) => !tried.has(code))).toEqual([]);
  });
});

/** The types, fields, arguments and values that a schema defines. */
function coordinatesOf({ definitions }: DocumentNode): ReadonlySet<string> {
  const found = new Set<string>();
  for (const definition of definitions) {
    if (
      !('name' in definition) ||
      !definition.name ||
      definition.kind === Kind.DIRECTIVE_DEFINITION
    ) {
      continue;
    }
    const type = definition.name.value;
    found.add(type);
    for (const value of 'values' in definition ? (definition.values ?? []) : []) {
      found.add(`${type}.${value.name.value}`);
    }
    for (const field of 'fields' in definition ? (definition.fields ?? []) : []) {
      const coordinate = `${type}.${field.name.value}`;
      found.add(coordinate);
      for (const argument of 'arguments' in field ? (field.arguments ?? []) : []) {
        found.add(`${coordinate}(${argument.name.value}:)`);
      }
    }
  }
  return found;
}
