import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { parsing } from './parse-document.ts';
import { atOnce, inSlices, type Sliced } from './slices.ts';

function* counting(to: number): Sliced<number> {
  for (let count = 0; count < to; count += 1) {
    const until = performance.now() + 3;
    while (performance.now() < until);
    yield;
  }
  return to;
}

function* failing(): Sliced<never> {
  yield;
  throw new RangeError('no');
}

describe('slices', () => {
  it('gives what else waits its turn, and at once does not', async () => {
    const turns: string[] = [];
    const other = (): void => {
      turns.push('other');
      if (turns.length < 3) setImmediate(other);
    };
    setImmediate(other);
    expect(atOnce(counting(10))).toBe(10);
    expect(turns).toEqual([]);
    expect(await inSlices(counting(30))).toBe(30);
    expect(turns.length).toBeGreaterThan(1);
  });

  it('fails as the work does', async () => {
    expect(() => atOnce(failing())).toThrow(RangeError);
    await expect(inSlices(failing())).rejects.toThrow(RangeError);
  });
});

describe('parsing a definition at a time', () => {
  it('gives the definitions that graphql-js gives', () => {
    const text =
      '"""A""" type A { a(b: Int = 1): [String!]! @c } # d\nextend schema @e\nquery { f }';
    const options = { noLocation: true };
    expect(atOnce(parsing(text, options)).definitions).toEqual(parse(text, options).definitions);
  });

  it.each(['', '# none', 'type A {', 'type A { a: Int } }', 'type A { a: Int } foo'])(
    'refuses %j in the same words',
    (text) => {
      const messageOf = (run: () => unknown): unknown => {
        try {
          return run();
        } catch (error) {
          return error;
        }
      };
      const refusal = messageOf(() => atOnce(parsing(text)));
      expect(refusal).toEqual(messageOf(() => parse(text)));
      expect(refusal).toBeInstanceOf(Error);
    },
  );
});
