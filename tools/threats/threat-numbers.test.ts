import { describe, expect, it } from '@jest/globals';
import { threatNumbers } from './threat-numbers.ts';

describe('tools/threats/threat numbers', () => {
  it.each([
    ['threat 7: answers', [7]],
    ['refuses threat 7: many', [7]],
    ['a kit (threat 62)', [62]],
    ['threats 44 and 45: refuses', [44, 45]],
    ['threats 1, 3 and 5: refuses', [1, 3, 5]],
    ['threats 1 to 4, 9: refuses', [1, 2, 3, 4, 9]],
    ['threat 7 and threat 8', [7, 8]],
    ['threat 12: names 3 and 4', [12]],
  ])('are read from "%s"', (title, numbers) => {
    expect(threatNumbers(title)).toEqual(numbers);
  });

  it.each(['7: answers', 'threat: 7', 'a threat of 7', 'threatens 7', 'threat7', ''])(
    'are none in "%s"',
    (title) => {
      expect(threatNumbers(title)).toEqual([]);
    },
  );
});
