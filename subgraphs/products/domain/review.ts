/** A buyer's opinion of a product. */
export interface Review {
  readonly id: string;
  readonly productId: string;
  readonly userId: string;
  readonly rating: number;
  /** null when only a rating was given. */
  readonly comment: string | null;
  readonly createdAt: Date;
}

/** The statistics of a product's reviews. */
export interface ReviewSummary {
  readonly productId: string;
  readonly count: number;
  /** The mean of the ratings, 1 to 5. */
  readonly averageRating: number;
}

/** Why a review is refused, about one of its values. */
export interface ReviewFault {
  readonly code: 'RATING_INVALID' | 'COMMENT_INVALID';
  readonly field: 'rating' | 'comment';
  readonly message: string;
}

const leastRating = 1;
const mostRating = 5;
const maxCommentLength = 2_000;

/** What is wrong with a review, each fault once; empty when it is valid. */
export function faultsOfReview({
  rating,
  comment,
}: Pick<Review, 'rating' | 'comment'>): readonly ReviewFault[] {
  const faults: ReviewFault[] = [];
  if (!Number.isInteger(rating) || rating < leastRating || rating > mostRating) {
    const message = `A rating must be ${leastRating} to ${mostRating}; got ${rating}.`;
    faults.push({ code: 'RATING_INVALID', field: 'rating', message });
  }
  // Code points, as the database counts them.
  const length = Array.from(comment ?? '').length;
  if (length > maxCommentLength) {
    const message = `A comment may have up to ${maxCommentLength} characters; got ${length}.`;
    faults.push({ code: 'COMMENT_INVALID', field: 'comment', message });
  }
  return faults;
}

/** A comment as it is stored: trimmed, null when nothing remains. */
export function tidyComment(comment: string | null | undefined): string | null {
  const text = comment?.trim() ?? '';
  return text === '' ? null : text;
}
