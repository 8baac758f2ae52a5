import { describe, expect, it } from '@jest/globals';
import { faultsOfMessage, roleOn, tidyMessage } from './chat-message.ts';

describe('orders/domain/chat-message', () => {
  it.each([
    ['a word', 'Hello'],
    ['several lines', 'Where is it?\n\nRegards'],
    ['characters of two units each, as many as there may be', '😀'.repeat(4_000)],
    ['a single sign', '?'],
    ['Arabic and Hebrew', 'مرحبا שלום'],
    ['a family of joined signs', '👩‍👩‍👧'],
  ])('accepts %s', (_what, text) => {
    expect(faultsOfMessage(tidyMessage(text))).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['blanks', ' \u00A0\u2003\n '],
    ['what cannot be seen', '\u200B\u200D'],
    ['one character too many', 'x'.repeat(4_001)],
    ['NUL', 'a\0b'],
    ['a bell', 'a\u0007'],
    ['the way to colours of a terminal', 'a\u001b[31m'],
    ['a tabulator', 'a\tb'],
    ['DEL', 'a\u007fb'],
    ['half a character', 'a\ud83d'],
  ])('refuses %s', (_what, text) => {
    expect(faultsOfMessage(tidyMessage(text))).toMatchObject([
      { code: 'MESSAGE_INVALID', path: ['input', 'message'] },
    ]);
  });

  it('stores each line break as one character', () => {
    expect(tidyMessage('\r\n one\r\ntwo\rthree\n\n ')).toBe('one\ntwo\nthree');
  });

  it('takes the owner of an order for its customer, all others for support', () => {
    expect([roleOn({ userId: '1' }, '1'), roleOn({ userId: '1' }, '3')]).toEqual([
      'CUSTOMER',
      'SUPPORT',
    ]);
  });
});
