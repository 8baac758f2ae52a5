import { describe, expect, it } from '@jest/globals';
import { noticeOf } from './published-notice.ts';

const parsed = (event: object): unknown => JSON.parse(noticeOf(JSON.stringify(event)) ?? 'null');

describe('the notice of an event', () => {
  it('has its attributes, and no data', () => {
    const attributes = {
      specversion: '1.0',
      id: 'a',
      type: 'b',
      subject: '1',
      count: 3,
      last: true,
    };
    const nothing = {
      data: { secret: 1 },
      data_base64: 'c2VjcmV0',
      more: { secret: 1 },
      none: null,
    };
    expect(parsed({ ...attributes, ...nothing })).toEqual(attributes);
  });

  it('leaves out what is too long for a notification, in bytes, and is never too long itself', () => {
    expect(parsed({ id: 'a', long: 'é'.repeat(300), type: 'b' })).toEqual({ id: 'a', type: 'b' });
    const many = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`a${index}`, '"\\'.repeat(100)]),
    );
    const notice = noticeOf(JSON.stringify({ id: 'a', ...many })) ?? '';
    expect(Buffer.byteLength(notice)).toBeLessThan(8_000);
    expect(JSON.parse(notice)).toMatchObject({ id: 'a', a0: many.a0 });
  });

  it.each(['', '{"no":', 'null', '"text"'])('is missing for %j', (text) => {
    expect(noticeOf(text)).toBeUndefined();
  });
});
