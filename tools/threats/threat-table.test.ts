import { describe, expect, it } from '@jest/globals';
import { threatNames } from './names.ts';
import { printThreatTable, type TestTitles, threatTable, unnamed } from './threat-table.ts';

const names = new Map([
  [1, 'deep queries'],
  [2, 'a | in a <name>'],
  [3, 'an untested threat'],
]);
const tests: TestTitles = {
  'test/b.test.ts': [['threat 2: c'], ['threat 99: d']],
  'test/a.test.ts': [
    ['group', 'threat 1: a'],
    ['threats 1 and 2: b', 'one'],
    ['threats 1 and 2: b', 'two'],
  ],
  'test/c.test.ts': [['names none']],
};

describe('tools/threats/threat table', () => {
  const rows = threatTable(names, tests);

  it('has a row for each threat, with the files and the titles that name it, each once', () => {
    expect(rows.map(({ number, titles }) => [number, Object.fromEntries(titles)])).toEqual([
      [1, { 'test/a.test.ts': ['threat 1: a', 'threats 1 and 2: b'] }],
      [2, { 'test/a.test.ts': ['threats 1 and 2: b'], 'test/b.test.ts': ['threat 2: c'] }],
      [3, {}],
    ]);
  });

  it('tells what no test names', () => {
    expect(unnamed(rows).map(({ number }) => number)).toEqual([3]);
    expect(unnamed(threatTable(names, {})).map(({ number }) => number)).toEqual([1, 2, 3]);
  });

  it('is Markdown, whatever the titles are', () => {
    expect(printThreatTable(rows)).toBe(
      [
        '| threat | what comes | shown by |',
        '| ---: | --- | --- |',
        '| 1 | deep queries | `test/a.test.ts`: threat 1: a; threats 1 and 2: b |',
        '| 2 | a \\| in a &lt;name> | `test/a.test.ts`: threats 1 and 2: b<br>`test/b.test.ts`: threat 2: c |',
        '| 3 | an untested threat | **no test** |',
        '',
      ].join('\n'),
    );
  });

  it('says the first few titles of a file, and how many more there are', () => {
    const titles = [1, 2, 3, 4, 5, 6, 7].map((row) => [`threat 1: row ${row}`]);
    expect(printThreatTable(threatTable(names, { 'a.test.ts': titles }))).toContain(
      'threat 1: row 4; threat 1: row 5; and 2 more |',
    );
  });

  it('is made of the threats 1 to 63, none left out', () => {
    expect([...threatNames.keys()]).toEqual(Array.from({ length: 63 }, (_, index) => index + 1));
    expect(new Set(threatNames.values()).size).toBe(63);
  });
});
