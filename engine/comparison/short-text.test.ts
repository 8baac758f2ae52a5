import { describe, expect, it } from '@jest/globals';
import { shortJson } from './short-text.ts';

describe('comparison/short text', () => {
  it.each([
    [undefined, 'nothing'],
    [null, 'null'],
    [1.5, '1.5'],
    [false, 'false'],
    ['a "b"', '"a \\"b\\""'],
    [[1, ['x'], { a: null, b: [] }], '[1,["x"],{"a":null,"b":[]}]'],
  ])('writes %j in full', (value, text) => {
    expect(shortJson(value, 200)).toBe(text);
  });

  it.each([
    ['a long text', 'x'.repeat(1000), `"${'x'.repeat(18)}…`],
    ['a long list', Array.from({ length: 1000 }, (_, index) => index), '[0,1,2,3,4,5,6,7,8,…'],
    ['a long key', { ['k'.repeat(1000)]: 1 }, `{"${'k'.repeat(17)}…`],
  ])('cuts %s', (_what, value, text) => {
    expect(shortJson(value, 20)).toBe(text);
  });

  it('reads only as much of a value as it writes', () => {
    let read = 0;
    const entry = {
      get a() {
        read += 1;
        return 'value';
      },
    };
    shortJson(Array.from({ length: 1000 }).fill(entry), 50);
    expect(read).toBeGreaterThan(1);
    expect(read).toBeLessThan(10);
  });
});
