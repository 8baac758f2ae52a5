import { describe, expect, it } from '@jest/globals';
import { testTitles } from './test-titles.ts';

describe('tools/threats/test titles', () => {
  it('are those of groups and of tests, in order', () => {
    const source = `
      describe('a', () => { it('b', () => {}); test("c", async () => {}); });
      describeOnEachDatabase('d (threat 1)', (open) => { itOnPostgres('e', () => {}); });
      fixture('no title'); item('nor this'); it(title, () => {});
    `;
    expect(testTitles(source)).toEqual(['a', 'b', 'c', 'd (threat 1)', 'e']);
  });

  it('are as long as the source says them', () => {
    const source = 'it(`threat 1: in ${runs()} runs of ${many}`, () => {}); it(`plain`, () => {});';
    expect(testTitles(source)).toEqual(['threat 1: in … runs of …', 'plain']);
  });

  it('of a table stand for all its rows', () => {
    const source = `
      it.each([['a', 1], ['b', 2]])('threat 1: answers %s', () => {});
      it.each(cases.filter(({ a }) => a))('threat 2: $field', () => {});
      describe.each(planners)('by %s', () => {});
    `;
    expect(testTitles(source)).toEqual(['threat 1: answers %s', 'threat 2: $field', 'by %s']);
  });

  it('of a table are one for each threat that a row names', () => {
    const source = `
      const more: readonly string[] = ['threat 4: d'];
      const rows = [
        ['threat 1: a', { text: 'b' }],
        ...[8, 10].map((n) => [\`threat 2: 2^\${n}\`, n] as const),
        ...more,
      ];
      it.each(rows)('refuses %s whatever $& is', () => {});
      it.each(['threat 3: c', 'other'])('takes %s', () => {});
    `;
    expect(testTitles(source)).toEqual([
      'refuses threat 1: a whatever $& is',
      'refuses threat 2: 2^… whatever $& is',
      'refuses threat 4: d whatever $& is',
      'takes threat 3: c',
    ]);
  });

  it('survive a constant that leads back to itself', () => {
    expect(testTitles('const a = b, b = [a]; it.each(a)("threat 1: %s", () => {});')).toEqual([
      'threat 1: %s',
    ]);
  });

  it('are none for what is skipped, said in a comment, or no code of a test', () => {
    const source = `
      it.skip('threat 1: a', () => {}); it.todo('threat 2: b'); describe.skip('threat 3: c', () => {});
      // it('threat 4: d', () => {});
      const text = "it('threat 5: e', () => {})";
    `;
    expect(testTitles(source)).toEqual([]);
  });
});
