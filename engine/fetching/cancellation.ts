import type { Cancellable, Cancellation } from './types.ts';

/** A cancellation with the function that triggers it. */
export interface CancellationSource extends Cancellation {
  /** Cancels all registered work, and all work registered later. */
  cancel(): void;
}

/** A cancellation that has not happened yet. Costs nothing until work is registered. */
export function createCancellation(): CancellationSource {
  return new WorkInFlight();
}

class WorkInFlight implements CancellationSource {
  cancelled = false;
  private readonly work: Cancellable[] = [];

  add(work: Cancellable): void {
    if (this.cancelled) work.cancel();
    else this.work.push(work);
  }

  delete(work: Cancellable): void {
    const at = this.work.indexOf(work);
    if (at >= 0) this.work.splice(at, 1);
  }

  cancel(): void {
    if (this.cancelled) return;
    this.cancelled = true;
    for (const one of this.work.splice(0)) one.cancel();
  }
}
