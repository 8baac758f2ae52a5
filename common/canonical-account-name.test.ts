import { describe, expect, it } from '@jest/globals';
import { canonicalAccountName } from './canonical-account-name.ts';

describe('common/canonical-account-name', () => {
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
  ])('normalizes %j to %j, and leaves that unchanged', (text, spelling) => {
    expect(canonicalAccountName(text)).toBe(spelling);
    expect(canonicalAccountName(spelling)).toBe(spelling);
  });

  it('ignores any number of blanks around a name', () => {
    for (const blanks of [1, 310, 319, 320, 321, 5_000]) {
      expect(canonicalAccountName(`${' '.repeat(blanks)}john@example.com`)).toBe(
        'john@example.com',
      );
    }
  });

  it('returns nothing for a text that is too long for a name', () => {
    expect(canonicalAccountName(`${'a'.repeat(2_000)}@example.com`)).toBeUndefined();
  });
});
