import { describe, expect, it } from '@jest/globals';
import { faultsOfReview, tidyComment } from './review.ts';

describe('products/review', () => {
  it.each([1, 2, 3, 4, 5])('accepts the rating %d', (rating) => {
    expect(faultsOfReview({ rating, comment: null })).toEqual([]);
  });

  it.each([0, 6, -1, 4.5, Number.NaN])('refuses the rating %d', (rating) => {
    expect(faultsOfReview({ rating, comment: null })).toMatchObject([
      { code: 'RATING_INVALID', field: 'rating' },
    ]);
  });

  it('accepts a comment of up to 2000 characters', () => {
    expect(faultsOfReview({ rating: 5, comment: '💡'.repeat(2_000) })).toEqual([]);
    expect(faultsOfReview({ rating: 5, comment: 'x'.repeat(2_001) })).toEqual([
      {
        code: 'COMMENT_INVALID',
        field: 'comment',
        message: 'A comment may have up to 2000 characters; got 2001.',
      },
    ]);
  });

  it.each([
    [' Nice. ', 'Nice.'],
    ['two\nlines', 'two\nlines'],
    [' \n ', null],
    ['', null],
    [null, null],
    [undefined, null],
  ])('stores the comment %j as %j', (comment, kept) => {
    expect(tidyComment(comment)).toBe(kept);
  });
});
