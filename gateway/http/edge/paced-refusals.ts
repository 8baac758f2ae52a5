/** How many refusals are answered per slot. */
const perSlot = 20;
const slotMs = 10;

/** More cannot be waiting: connections are limited, and so are the waiting requests of each. */
const waitingMax = 20_000;

/**
 * Answers refusals a few at a time. A client whose request is refused immediately sends the next one immediately, and a
 * thousand such clients fill each turn of the event loop: admitted requests need many turns, and would be answered too
 * late. While a refusal waits, its connection sends nothing more. The first few in a slot are answered without delay.
 */
export class PacedRefusals {
  private readonly waiting: (() => void)[] = [];
  private left = perSlot;
  private timer: NodeJS.Timeout | undefined;

  /** Answers now or in a later slot, in order of arrival. */
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
