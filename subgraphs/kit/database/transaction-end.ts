/**
 * Which statements a connection still takes: none of a transaction whose end has been asked for. One that its work
 * begins after that, because the work was not waited for, would be run by itself, and kept.
 */
export class TransactionEnd {
  #isAsked = false;

  /** Throws when the statement comes too late. A commit that fails is followed by a rollback. */
  admit(statement: string): void {
    if (statement === 'commit' || statement === 'rollback') this.#isAsked = true;
    else if (this.#isAsked) throw new Error('The transaction has ended: it does nothing more.');
  }

  /** The connection is somebody else's now. */
  reset(): void {
    this.#isAsked = false;
  }
}
