import { describe, expect, it } from '@jest/globals';
import { daysFrom } from './sales.ts';

describe('the days of a report', () => {
  it('are whole days in UTC', () => {
    expect(daysFrom('2028-02-28', 2)).toEqual({
      from: new Date('2028-02-28T00:00:00.000Z'),
      until: new Date('2028-03-01T00:00:00.000Z'),
    });
  });

  it.each(['', '2026-02-29', '2026-13-01', '2026-1-1', '28.11.2026', '2026-11-28T00:00:00Z'])(
    'do not begin with %j',
    (day) => {
      expect(daysFrom(day, 1)).toBeUndefined();
    },
  );
});
