import { describe, expect, it } from '@jest/globals';
import { firstDifference } from './first-difference.ts';

describe('comparison/first difference', () => {
  it.each([
    [
      'keys in a different order',
      { a: 1, b: { c: [1], d: null } },
      { b: { d: null, c: [1] }, a: 1 },
    ],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ['a key without a value, which JSON leaves out', { a: 1, b: undefined }, { a: 1 }],
    ['a date and its string', [new Date(0)], ['1970-01-01T00:00:00.000Z']],
    ['nothing at all', undefined, undefined],
  ])('finds none for %s', async (_what, ours, theirs) => {
    expect(await firstDifference(ours, theirs)).toBeUndefined();
    expect(await firstDifference(theirs, ours)).toBeUndefined();
  });

  it.each([
    ['a value', { a: { b: [1, 2] } }, { a: { b: [1, 3] } }, ['a', 'b', 1], 2, 3],
    ['the order of a list', { a: [1, 2] }, { a: [2, 1] }, ['a', 0], 1, 2],
    ['the length of a list', { a: [1, 2] }, { a: [1] }, ['a'], [1, 2], [1]],
    ['the type', { a: '1' }, { a: 1 }, ['a'], '1', 1],
    ['null for an object', { a: null }, { a: {} }, ['a'], null, {}],
    ['an object for a list', { a: {} }, { a: [] }, ['a'], {}, []],
    ['a key of ours', { a: 1, b: 2 }, { a: 1 }, ['b'], 2, undefined],
    ['a key of theirs', { a: 1 }, { a: 1, b: null }, ['b'], undefined, null],
    [
      'a key that is also a member of Object.prototype',
      {},
      { toString: 1 },
      ['toString'],
      undefined,
      1,
    ],
    ['the first of two places', { a: 1, b: 1 }, { b: 2, a: 2 }, ['a'], 1, 2],
    ['no data', undefined, null, [], undefined, null],
  ])('finds %s', async (_what, ours, theirs, path, our, their) => {
    expect(await firstDifference(ours, theirs)).toEqual({ path, ours: our, theirs: their });
  });

  it('finds one nested deeper than the call stack allows', async () => {
    const nested = (value: unknown): unknown => {
      let whole = value;
      for (let depth = 0; depth < 100_000; depth += 1) whole = [whole];
      return whole;
    };
    expect((await firstDifference(nested(1), nested(2)))?.path).toHaveLength(100_000);
  });

  it('yields to other work', async () => {
    const large = (): unknown => Array.from({ length: 20_000 }, (_, index) => ({ index }));
    let isOver = false;
    const between: boolean[] = [];
    setImmediate(() => between.push(isOver));
    await firstDifference(large(), large());
    isOver = true;
    expect(between).toEqual([false]);
  });
});
