import { describe, expect, it } from '@jest/globals';
import { DateTime } from './scalars.ts';

describe('kit/scalars', () => {
  it('serializes a date as text in UTC with milliseconds', () => {
    const date = new Date('2026-11-23T09:00:00.05+01:00');
    expect(DateTime.serialize(date)).toBe('2026-11-23T08:00:00.050Z');
  });

  it.each([new Date(Number.NaN), '2026-11-23', 0, null])(
    'does not serialize anything but a date: %p',
    (value) => {
      expect(() => DateTime.serialize(value)).toThrow(TypeError);
    },
  );
});
