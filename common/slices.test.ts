import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { parseInSlices } from './parse-document.ts';
import { runAtOnce, runInSlices, type Sliced } from './slices.ts';

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
  it('yields to other work in slices, and does not without', async () => {
    const turns: string[] = [];
    const other = (): void => {
      turns.push('other');
      if (turns.length < 3) setImmediate(other);
    };
    setImmediate(other);
    expect(runAtOnce(counting(10))).toBe(10);
    expect(turns).toEqual([]);
    expect(await runInSlices(counting(30))).toBe(30);
    expect(turns.length).toBeGreaterThan(1);
  });

  it('fails when the work fails', async () => {
    expect(() => runAtOnce(failing())).toThrow(RangeError);
    await expect(runInSlices(failing())).rejects.toThrow(RangeError);
  });
});

describe('parsing one definition at a time', () => {
  it('returns the same definitions as graphql-js', () => {
    const text =
      '"""A""" type A { a(b: Int = 1): [String!]! @c } # d\nextend schema @e\nquery { f }';
    const options = { noLocation: true };
    expect(runAtOnce(parseInSlices(text, options)).definitions).toEqual(
      parse(text, options).definitions,
    );
  });

  it.each(['', '# none', 'type A {', 'type A { a: Int } }', 'type A { a: Int } foo'])(
    'rejects %j with the same error',
    (text) => {
      const messageOf = (run: () => unknown): unknown => {
        try {
          return run();
        } catch (error) {
          return error;
        }
      };
      const refusal = messageOf(() => runAtOnce(parseInSlices(text)));
      expect(refusal).toEqual(messageOf(() => parse(text)));
      expect(refusal).toBeInstanceOf(Error);
    },
  );
});
