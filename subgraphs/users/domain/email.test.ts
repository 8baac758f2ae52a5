import { describe, expect, it } from '@jest/globals';
import { readEmail } from './email.ts';

describe('users/domain/email', () => {
  it.each([
    ['john@example.com', 'john@example.com'],
    ['  John.Doe+shop@Example.COM ', 'john.doe+shop@example.com'],
    ['ｊohn@example.com', 'john@example.com'],
    ["o'hara@sub.example.co.uk", "o'hara@sub.example.co.uk"],
    ['jörg@münchen.example', 'jörg@xn--mnchen-3ya.example'],
    ['jörg@xn--mnchen-3ya.example', 'jörg@xn--mnchen-3ya.example'],
    ['jörg@XN--MNCHEN-3YA.example', 'jörg@xn--mnchen-3ya.example'],
    ['jörg@MÜNCHEN．example', 'jörg@xn--mnchen-3ya.example'],
    ['jörg@mu\u0308nchen.example', 'jörg@xn--mnchen-3ya.example'],
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
    'john@192.0.2.1',
    'john@0x7f.1',
    'john@ex%61mple.com',
    'john@example.com.',
    `${'a'.repeat(65)}@example.com`,
    `john@${'a'.repeat(64)}.com`,
    `john@${'abcdefgh.'.repeat(30)}com`,
  ])('refuses %j', (text) => {
    expect(readEmail(text)).toBeUndefined();
  });

  it.each([
    ['variation selector', '\uFE0F'],
    ['combining grapheme joiner', '\u034F'],
    ['Hangul choseong filler', '\u115F'],
    ['Hangul filler', '\u3164'],
    ['halfwidth Hangul filler', '\uFFA0'],
    ['soft hyphen', '\u00AD'],
    ['zero width space', '\u200B'],
    ['zero width joiner', '\u200D'],
    ['right-to-left mark', '\u200F'],
    ['Mongolian vowel separator', '\u180E'],
    ['variation selector supplement', '\u{E0101}'],
  ])('refuses invisible characters (%s), on either side', (_name, unseen) => {
    expect(readEmail(`jo${unseen}hn@example.com`)).toBeUndefined();
    expect(readEmail(`john@exam${unseen}ple.com`)).toBeUndefined();
    expect(readEmail(`john@example.com${unseen}`)).toBeUndefined();
  });

  it('is canonical: reading it again changes nothing', () => {
    const email = readEmail(' ＪÖRG@Example.com');
    expect(email).toBe('jörg@example.com');
    expect(readEmail(email ?? '')).toBe(email);
  });
});
