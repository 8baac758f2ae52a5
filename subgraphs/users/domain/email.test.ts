import { describe, expect, it } from '@jest/globals';
import { readEmail } from './email.ts';

describe('users/domain/email', () => {
  it.each([
    ['john@example.com', 'john@example.com'],
    ['  John.Doe+shop@Example.COM ', 'john.doe+shop@example.com'],
    ['ｊohn@example.com', 'john@example.com'],
    ["o'hara@sub.example.co.uk", "o'hara@sub.example.co.uk"],
    ['jörg@münchen.example', 'jörg@münchen.example'],
  ])('knows %j as %j', (text, email) => {
    expect(readEmail(text)).toBe(email);
  });

  it.each([
    '',
    'john',
    '@example.com',
    'john@',
    'john@localhost',
    'john@example..com',
    'john@-example.com',
    'john@example-.com',
    'jo hn@example.com',
    'jo\0hn@example.com',
    'jo\nhn@example.com',
    'john@evil.com,jane@example.com',
    'John <john@example.com>',
    'a@b@example.com',
    `${'a'.repeat(65)}@example.com`,
    `john@${'a'.repeat(64)}.com`,
    `john@${'abcdefgh.'.repeat(30)}com`,
  ])('does not take %j', (text) => {
    expect(readEmail(text)).toBeUndefined();
  });

  it('has one spelling: reading it again changes nothing', () => {
    const email = readEmail(' ＪÖRG@Example.com');
    expect(email).toBe('jörg@example.com');
    expect(readEmail(email ?? '')).toBe(email);
  });
});
