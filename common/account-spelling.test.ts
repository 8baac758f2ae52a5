import { describe, expect, it } from '@jest/globals';
import { accountSpelling } from './account-spelling.ts';

describe('common/account-spelling', () => {
  it.each([
    ['john@example.com', 'john@example.com'],
    [' John@Example.COM\n', 'john@example.com'],
    ['ｊohn@example.com', 'john@example.com'],
    ['jörg@MÜNCHEN.example', 'jörg@xn--mnchen-3ya.example'],
    ['Some Name', 'some name'],
    ['@', '@'],
    ['john@not a domain', 'john@not a domain'],
    ['john@192.0.2.1', 'john@192.0.2.1'],
    ['john@1', 'john@1'],
  ])('spells %j as %j, and that as itself', (text, spelling) => {
    expect(accountSpelling(text)).toBe(spelling);
    expect(accountSpelling(spelling)).toBe(spelling);
  });

  it('has one spelling with any number of blanks around it', () => {
    for (const blanks of [1, 310, 319, 320, 321, 5_000]) {
      expect(accountSpelling(`${' '.repeat(blanks)}john@example.com`)).toBe('john@example.com');
    }
  });

  it('has none for what is longer than a name', () => {
    expect(accountSpelling(`${'a'.repeat(2_000)}@example.com`)).toBeUndefined();
  });
});
