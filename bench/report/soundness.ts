import type { Result } from '../result.ts';

/** Gateways without which a result says nothing. */
const needed: ReadonlySet<string> = new Set(['floor', 'ours', 'stock']);

/**
 * True when the floor, ours and stock, as far as they take part, were measured with every operation. Another gateway
 * may be unable to do one: its table says so.
 */
export function isSound({ participants, operations, comparison }: Result): boolean {
  return participants
    .filter(({ name }) => needed.has(name))
    .every(({ name }) =>
      operations.every(
        (operation) => comparison.get(name)?.get(operation.name)?.kind === 'measured',
      ),
    );
}
