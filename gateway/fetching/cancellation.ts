import type { Cancellable, Cancellation } from './types.ts';

/** A cancellation and the means to trigger it. */
export interface CancellationSource extends Cancellation {
  /** Gives up all registered work, and all that is registered later. */
  cancel(): void;
}

/** A cancellation that has not happened yet. Costs nothing until work is registered. */
export function createCancellation(): CancellationSource {
  return new WorkInFlight();
}

/** A cancellation that follows an AbortSignal. */
export function cancellationFrom(signal: AbortSignal): Cancellation {
  const source = createCancellation();
  if (signal.aborted) source.cancel();
  else signal.addEventListener('abort', () => source.cancel(), { once: true });
  return source;
}

class WorkInFlight implements CancellationSource {
  cancelled = false;
  private work: Set<Cancellable> | undefined;

  add(work: Cancellable): void {
    if (this.cancelled) work.cancel();
    else (this.work ??= new Set()).add(work);
  }

  delete(work: Cancellable): void {
    this.work?.delete(work);
  }

  cancel(): void {
    if (this.cancelled) return;
    this.cancelled = true;
    const work = this.work;
    this.work = undefined;
    if (work) for (const one of work) one.cancel();
  }
}
