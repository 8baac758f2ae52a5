import { createHash } from 'node:crypto';

/** The number of partitions. It is stored in rows, so changing it requires an empty outbox. */
export const partitionCount = 16;

/** The partition of a key: always the same. */
export function partitionOf(key: string): number {
  return createHash('sha256').update(key).digest().readUInt16BE(0) % partitionCount;
}
