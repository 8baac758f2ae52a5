import { describe, expect, it } from '@jest/globals';
import { parsingProblem } from './parse-cost.ts';

const listOf = (count: number, item: (index: number) => string): string =>
  `[${Array.from({ length: count }, (_, index) => item(index)).join(',')}]`;
const objectOf = (count: number): string => `{${listOf(count, named).slice(1, -1)}}`;
const named = (index: number): string => `"name${index}":1`;
const padding = ' '.repeat(500_000);

const tooManyValues = /^answered with more than 1200000 values\.$/;
const tooManyShapes = /^answered with objects of too many shapes/;
const tooDeep = /^answered with a value nested deeper than 500 levels\.$/;

describe('common/parse cost', () => {
  it.each([
    ['numbers', '1'],
    ['lists', '[]'],
    ['objects', '{}'],
    ['texts', '""'],
  ])('rejects millions of %s', (_what, item) => {
    expect(parsingProblem(listOf(3_000_000, () => item))).toMatch(tooManyValues);
  });

  it.each<readonly [string, string]>([
    ['one object with a million names', objectOf(1_000_000)],
    ['objects each with a name of its own', listOf(200_000, (index) => `{${named(index)}}`)],
    [
      'the same names, in a different order for each object',
      listOf(60_000, (index) => {
        const names = [7, 11, 13, 17, 19, 23].map((factor) => `"${(index * factor) % 97}":1`);
        return `{${names.slice(index % 3).join(',')}}`;
      }),
    ],
    ['names written with escapes', listOf(200_000, (index) => `{"\\"${index}\\\\":[]}`)],
    ['objects below others', listOf(200_000, (index) => `{"a":{"b":[{${named(index)}}]}}`)],
  ])('rejects %s', (_what, json) => {
    expect(parsingProblem(json)).toMatch(tooManyShapes);
  });

  it('rejects values nested too deep in a long response', () => {
    const deepest = 500;
    const lists = (depth: number): string => `${'['.repeat(depth)}${padding}${']'.repeat(depth)}`;
    const objects = `${'{"a":'.repeat(deepest + 1)}${padding}1${'}'.repeat(deepest + 1)}`;
    expect(parsingProblem(lists(deepest + 1))).toMatch(tooDeep);
    expect(parsingProblem(objects)).toMatch(tooDeep);
    expect(parsingProblem(lists(deepest))).toBeUndefined();
  });

  it.each<readonly [string, string]>([
    ['a million values', listOf(1_000_000, String)],
    [
      'two hundred thousand entities of two types',
      listOf(200_000, (index) =>
        index % 2 === 0
          ? `{"__typename":"A","id":"${index}","in":[1,2]}`
          : `{"__typename":"B","id":"${index}","to":{"x":null}}`,
      ),
    ],
    ['an object with fifty thousand names', `${objectOf(50_000)}${padding}`],
    ['a text of brackets, quotes and commas', JSON.stringify('["{,\\'.repeat(1_000_000))],
    ['a long text beside a name', `{"a":"${'x'.repeat(9_000_000)}"}`],
    [
      'names that are texts elsewhere',
      listOf(200_000, (index) => `{"a":"${index}","b":["${index}","x"]}`),
    ],
    ['blanks', `[${padding}1 , 2${padding}]`],
  ])('accepts %s', (_what, json) => {
    expect(parsingProblem(json)).toBeUndefined();
  });

  it('leaves invalid JSON to the parser', () => {
    for (const text of [']'.repeat(600_000), '"'.repeat(600_001), `{"a${'\\'.repeat(600_001)}`]) {
      expect(parsingProblem(text)).toBeUndefined();
    }
  });
});
