import { describe, expect, it } from '@jest/globals';
import { isAcceptablePassword, isTooLongToCheck, normalisePassword } from './password.ts';

describe('users/domain/password', () => {
  it.each([
    ['7 characters', 'a'.repeat(7), false],
    ['8 characters', 'a'.repeat(8), true],
    ['8 spaces', ' '.repeat(8), true],
    ['4 characters that take 8 code units', '😀'.repeat(4), false],
    ['128 characters that take 256 code units', '😀'.repeat(128), true],
    ['129 characters', 'a'.repeat(129), false],
  ])('%s: %#', (_, password, expected) => {
    expect(isAcceptablePassword(password)).toBe(expected);
  });

  it('avoids hashing texts longer than any password', () => {
    expect(isTooLongToCheck('a'.repeat(128))).toBe(false);
    expect(isTooLongToCheck('a'.repeat(129))).toBe(true);
  });

  it('hashes the same text however the keyboard composes it', () => {
    expect(normalisePassword('Passwo\u0308rt')).toBe(normalisePassword('Passw\u00f6rt'));
  });
});
