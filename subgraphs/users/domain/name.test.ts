import { describe, expect, it } from '@jest/globals';
import { readName } from './name.ts';

describe('users/domain/name', () => {
  it.each([
    ['John Doe', 'John Doe'],
    ['  Jörg ', 'Jörg'],
    ['Jo\u0308rg', 'J\u00f6rg'],
    ['李', '李'],
    ['R2', 'R2'],
    ['👩‍💻 Ada', '👩‍💻 Ada'],
    ['𝒜'.repeat(100), '𝒜'.repeat(100)],
  ])('knows %j as %j', (text, name) => {
    expect(readName(text)).toBe(name);
  });

  it.each([
    '',
    '   ',
    '...',
    '\u200b',
    'John\nDoe',
    'John\0',
    'John\u202eeoD',
    'John\ud800',
    'a'.repeat(101),
  ])('refuses %j', (text) => {
    expect(readName(text)).toBeUndefined();
  });
});
