import { describe, expect, it } from '@jest/globals';
import { CacheHints } from './cache-hints.ts';

describe('execution/cache hints', () => {
  it.each([
    [[], undefined],
    [['max-age=60'], { maxAge: 60, scope: 'PUBLIC' }],
    [['max-age=60, public', 'private, max-age=30'], { maxAge: 30, scope: 'PRIVATE' }],
    [['Max-Age=60', undefined], { maxAge: 0, scope: 'PUBLIC' }],
    [['max-age=60, no-store'], { maxAge: 0, scope: 'PUBLIC' }],
    [['max-age=-1'], { maxAge: 0, scope: 'PUBLIC' }],
    [['max-age="60"'], { maxAge: 0, scope: 'PUBLIC' }],
  ])('combines %j into the strictest hint', (headers, expected) => {
    const hints = new CacheHints();
    for (const header of headers) hints.add(header);
    expect(hints.overall).toEqual(expected);
  });
});
