/** So many refusals are answered in one slot. */
const perSlot = 20;
const slotMs = 10;

/** More than this cannot wait: connections are bounded, and what waits on each of them. */
const waitingMax = 20_000;

/**
 * Answers refusals a few at a time. A client whose request is refused at once comes back at once, and a thousand of them
 * fill each turn of the event loop: those that were let in need many turns, and would be answered too late. A refusal
 * that waits keeps its connection quiet meanwhile. The first few in a slot are answered without waiting.
 */
export class PacedRefusals {
  private readonly waiting: (() => void)[] = [];
  private left = perSlot;
  private timer: NodeJS.Timeout | undefined;

  /** Answers now or in a later slot, in the order in which they came. */
  add(answer: () => void): void {
    if ((this.left > 0 && this.waiting.length === 0) || this.waiting.length >= waitingMax) {
      this.left -= 1;
      answer();
    } else this.waiting.push(answer);
    this.timer ??= setTimeout(() => {
      this.answerSlot();
    }, slotMs);
  }

  private answerSlot(): void {
    this.timer = undefined;
    this.left = perSlot;
    const due = this.waiting.splice(0, perSlot);
    this.left -= due.length;
    for (const answer of due) answer();
    if (this.waiting.length > 0 || due.length > 0) {
      this.timer = setTimeout(() => {
        this.answerSlot();
      }, slotMs);
    }
  }
}
