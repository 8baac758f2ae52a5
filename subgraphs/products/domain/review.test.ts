import { describe, expect, it } from '@jest/globals';
import { faultsOfReview, tidyComment } from './review.ts';

describe('products/review', () => {
  it.each([1, 2, 3, 4, 5])('takes the rating %d', (rating) => {
    expect(faultsOfReview({ rating, comment: null })).toEqual([]);
  });

  it.each([0, 6, -1, 4.5, Number.NaN])('does not take the rating %d', (rating) => {
    expect(faultsOfReview({ rating, comment: null })).toMatchObject([
      { code: 'RATING_INVALID', field: 'rating' },
    ]);
  });

  it('takes a comment of 2000 characters and no more', () => {
    expect(faultsOfReview({ rating: 5, comment: '💡'.repeat(2_000) })).toEqual([]);
    expect(faultsOfReview({ rating: 5, comment: 'x'.repeat(2_001) })).toEqual([
      {
        code: 'COMMENT_INVALID',
        field: 'comment',
        message: 'A comment has up to 2000 characters; got 2001.',
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
  ])('keeps the comment %j as %j', (comment, kept) => {
    expect(tidyComment(comment)).toBe(kept);
  });
});
