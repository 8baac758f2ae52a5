import { describe, expect, it } from '@jest/globals';
import { printable, printableLine } from './printable.ts';

describe('printable', () => {
  it('shows escape sequences instead of passing them on, and keeps columns', () => {
    expect(printable('a\u001b[31mb\u009b2Jc\u0007\u007f')).toBe('a␛[31mb�2Jc␇␡');
  });

  it('does not let a text change the direction of what follows', () => {
    expect(printable('user\u202e\u2066 admin')).toBe('user�� admin');
  });

  it('keeps newlines, unless one line is wanted', () => {
    expect(printable('a\n\tb\r\nc')).toBe('a\n b␍\nc');
    expect(printableLine('a\n\tb\r\nc\rd')).toBe('a  b c d');
  });
});
