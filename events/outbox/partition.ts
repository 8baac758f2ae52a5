import { createHash } from 'node:crypto';

/** Into how many partitions keys are divided. It is written in rows: another number needs an empty outbox. */
export const partitionCount = 16;

/** The partition of a key: always the same. */
export function partitionOf(key: string): number {
  return createHash('sha256').update(key).digest().readUInt16BE(0) % partitionCount;
}
