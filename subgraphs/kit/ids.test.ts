import { describe, expect, it } from '@jest/globals';
import { readId, readIds } from './ids.ts';

describe('kit/ids', () => {
  it.each(['1', '42', '9223372036854775807'])('reads %s', (id) => {
    expect(readId(id)).toBe(id);
  });

  it.each([
    '',
    '0',
    '-1',
    '+1',
    '01',
    '1.0',
    '1e3',
    ' 1',
    '1\n',
    '1\0',
    '٣',
    'abc',
    '9223372036854775808',
    '1'.repeat(100_000),
    1,
    1n,
    null,
    undefined,
    ['1'],
    { id: '1' },
  ])('reads no id from %p', (id) => {
    expect(readId(id)).toBeUndefined();
  });

  it('keeps the ids that can exist, without duplicates, in order', () => {
    expect(readIds(['3', 'x', '1', '3', '0'])).toEqual(['3', '1']);
  });
});
