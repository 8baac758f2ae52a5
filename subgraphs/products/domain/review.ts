/** What a buyer thinks of a product. */
export interface Review {
  readonly id: string;
  readonly productId: string;
  readonly userId: string;
  readonly rating: number;
  /** null when only a rating was given. */
  readonly comment: string | null;
  readonly createdAt: Date;
}

/** The reviews of one product in figures. */
export interface ReviewSummary {
  readonly productId: string;
  readonly count: number;
  /** The mean of the ratings, 1 to 5. */
  readonly averageRating: number;
}

/** A reason for which a review is not taken, about one value of it. */
export interface ReviewFault {
  readonly code: 'RATING_INVALID' | 'COMMENT_INVALID';
  readonly field: 'rating' | 'comment';
  readonly message: string;
}

const leastRating = 1;
const mostRating = 5;
const maxCommentLength = 2_000;

/** What is wrong with a review, each fault once; empty when it can be taken. */
export function faultsOfReview({
  rating,
  comment,
}: Pick<Review, 'rating' | 'comment'>): readonly ReviewFault[] {
  const faults: ReviewFault[] = [];
  if (!Number.isInteger(rating) || rating < leastRating || rating > mostRating) {
    const message = `A rating is ${leastRating} to ${mostRating}; got ${rating}.`;
    faults.push({ code: 'RATING_INVALID', field: 'rating', message });
  }
  // Code points, as the database counts them.
  const length = Array.from(comment ?? '').length;
  if (length > maxCommentLength) {
    const message = `A comment has up to ${maxCommentLength} characters; got ${length}.`;
    faults.push({ code: 'COMMENT_INVALID', field: 'comment', message });
  }
  return faults;
}

/** A comment as it is kept: without the space around it, null when nothing remains. */
export function tidyComment(comment: string | null | undefined): string | null {
  const text = comment?.trim() ?? '';
  return text === '' ? null : text;
}
