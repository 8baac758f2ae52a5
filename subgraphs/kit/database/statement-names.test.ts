import { describe, expect, it } from '@jest/globals';
import { createStatementNames } from './statement-names.ts';

describe('kit/database/statement-names', () => {
  it('are given to what is sent for the third time, and stay', () => {
    const names = createStatementNames();
    const given = [1, 2, 3, 4].map(() => names.nameOf('select $1', [1]));
    expect(given).toEqual([undefined, undefined, 's1', 's1']);
    expect([1, 2, 3].map(() => names.nameOf('select $1 + 1', [1])).at(-1)).toBe('s2');
  });

  it('are not given to statements without parameters, nor to those whose plan was refused', () => {
    const names = createStatementNames();
    expect([1, 2, 3, 4].map(() => names.nameOf('begin', [])).at(-1)).toBeUndefined();
    for (let count = 0; count < 3; count += 1) names.nameOf('select $1', [1]);
    names.forget('select $1');
    expect(names.nameOf('select $1', [1])).toBeUndefined();
  });

  it('are 200 at most, however many texts there are', () => {
    const names = createStatementNames();
    const given = Array.from({ length: 5_000 }, (_, index) =>
      [1, 2, 3].map(() => names.nameOf(`select $1 + ${index}`, [1])).at(-1),
    );
    expect(given.filter((name) => name !== undefined)).toHaveLength(200);
  });
});
