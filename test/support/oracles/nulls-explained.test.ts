import { describe, expect, it } from '@jest/globals';
import { unexplainedIn } from './nulls-explained.ts';

const expected = { a: { b: 1, c: 'x', list: [{ d: 1 }, { d: null }] }, e: 2 };

describe('oracles/nulls explained', () => {
  it.each([
    ['nothing failed', expected, [], undefined],
    ['an error at the null', { ...expected, e: null }, [['e']], undefined],
    ['an error above it', { ...expected, a: { ...expected.a, b: null } }, [['a']], undefined],
    ['an error below it', { ...expected, a: null }, [['a', 'list', 0, 'd']], undefined],
    [
      'an error at a field of the object that was not selected',
      { ...expected, a: { ...expected.a, b: null } },
      [['a', 'id']],
      undefined,
    ],
    ['no error', { ...expected, e: null }, [], 'null without an error at e'],
    ['an error elsewhere', { ...expected, e: null }, [['a', 'b']], 'null without an error at e'],
    ['an error of the whole answer', { ...expected, e: null }, [undefined], undefined],
    [
      'an error at another item',
      { ...expected, a: { ...expected.a, list: [null, { d: null }] } },
      [['a', 'list', 1]],
      'null without an error at a.list.0',
    ],
    ['another value', { ...expected, e: 3 }, [['e']], 'another value at e'],
    [
      'a value where null is right',
      { ...expected, a: { ...expected.a, list: [{ d: 1 }, { d: 2 }] } },
      [],
      'another value at a.list.1.d',
    ],
    ['a field too few', { a: expected.a }, [['e']], 'other fields at the root'],
  ])('%s', (_name, actual, errorPaths, finding) => {
    expect(unexplainedIn({ expected, actual, errorPaths })).toBe(finding);
  });

  it('takes an error of the same object for what depends on it', () => {
    const failed = { ...expected, a: { ...expected.a, b: null, c: null } };
    const answer = { expected, actual: failed, errorPaths: [['a', 'b']] };
    expect(unexplainedIn(answer)).toBe('null without an error at a.c');
    expect(unexplainedIn({ ...answer, dependentKeys: new Set(['c']) })).toBeUndefined();
  });
});
