const pauseMs = 25;

/**
 * Waits for something that another process, a socket or a file watcher causes. Rejects when it has not happened within
 * 30 s: long enough for a busy machine, and never waited for where it does happen.
 */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  timeoutMs = 30_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isSo())) {
    if (Date.now() > deadline)
      throw new Error(`It did not happen within ${timeoutMs} ms: ${String(isSo)}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
