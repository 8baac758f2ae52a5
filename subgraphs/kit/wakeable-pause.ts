/** Pauses that another may end early. */
export interface WakeablePause {
  /** Resolves after this time, when the signal is aborted, or when it is woken; at once if it was woken since the last pause. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
  wake(): void;
}

/** Creates pauses for one loop. */
export function createWakeablePause(): WakeablePause {
  let isWoken = false;
  let end: (() => void) | undefined;
  return {
    async pause(ms, signal) {
      if (!isWoken && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const finish = (): void => {
            clearTimeout(timer);
            signal.removeEventListener('abort', finish);
            end = undefined;
            resolve();
          };
          const timer = setTimeout(finish, ms);
          signal.addEventListener('abort', finish);
          end = finish;
        });
      }
      isWoken = false;
    },
    wake() {
      isWoken = true;
      end?.();
    },
  };
}
