import { describe, expect, it } from '@jest/globals';
import { readNames } from './names.ts';

describe('tools/new-subgraph/names', () => {
  it('spells a name for YAML, code, types and variables', () => {
    expect(readNames('gift-cards')).toEqual({
      name: 'gift-cards',
      camel: 'giftCards',
      Pascal: 'GiftCards',
      upper: 'GIFT_CARDS',
    });
  });

  it.each([
    '',
    'Reviews',
    '1st',
    'a_b',
    'a-',
    '-a',
    'a--b',
    'a-1',
    '../a',
    'kit',
    'class',
    'a'.repeat(41),
  ])('refuses %j', (name) => {
    expect(readNames(name)).toBeUndefined();
  });
});
