import type { ServerResponse } from 'node:http';
import { untilDrained } from './until-drained.ts';

/** A proxy that collects or compresses parts would delay each until the next; nginx does unless it is told not to. */
export const heldNowhere: readonly string[] = [
  'cache-control',
  'no-store, no-transform',
  'x-accel-buffering',
  'no',
];

/**
 * Writes the parts of a response, which may be hours apart, after its head, which is sent at once. The next part is asked
 * for when the client can receive it; `parts` are ended at the moment when the client disconnects. Rejects with the error
 * of a part that cannot be made, and the response is cut off.
 */
export async function writeParts(
  response: ServerResponse,
  parts: AsyncIterator<string>,
): Promise<void> {
  // What fails then is the part that is being made, and is reported below.
  const end = (): void => void parts.return?.().catch(() => undefined);
  response.once('close', end);
  response.flushHeaders();
  try {
    for (;;) {
      const part: IteratorResult<string, unknown> = await parts.next();
      if (part.done === true || response.destroyed) break;
      if (!response.write(part.value)) await untilDrained(response);
    }
  } catch (error) {
    response.destroy();
    throw error;
  }
  response.off('close', end).end();
}
