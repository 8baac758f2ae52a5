import type { UsageRecord } from './usage-record.ts';

const dayMs = 86_400_000;

/** The share of the days that count that a log may leave out at its ends: it was copied a while ago. */
const missingMax = 0.1;

/**
 * Why records cannot tell that something is unused, in a sentence; `undefined` when they can. They have to begin when the days that
 * count begin, reach until now, and leave out no requests.
 */
export function gapOf(
  records: readonly UsageRecord[],
  unusedAfterDays: number,
  now: Date,
): string | undefined {
  const end = now.getTime();
  const begin = end - unusedAfterDays * dayMs;
  const unrecorded = records.reduce(
    (sum, record) =>
      record.kind === 'unrecorded' && (record.lastSeen ?? end) >= begin ? sum + record.count : sum,
    0,
  );
  if (unrecorded > 0) {
    return `The usage log leaves out ${unrecorded} of the requests that it counts (usage.maxOperations of the gateway).`;
  }
  const { oldest, newest } = timesOf(records, end);
  if (oldest === undefined) return 'The usage log does not say since when it counts.';
  // A day without a time is its beginning.
  const daysAgo = Math.floor((end - newest) / dayMs);
  const missing = Math.max(oldest - begin, 0) / dayMs + daysAgo;
  if (missing <= unusedAfterDays * missingMax) return undefined;
  const covered = Math.max(Math.floor(unusedAfterDays - missing), 0);
  return `The usage log covers ${covered} of the last ${unusedAfterDays} days.`;
}

function timesOf(records: readonly UsageRecord[], end: number) {
  let [oldest, newest]: [number | undefined, number] = [undefined, 0];
  for (const record of records) {
    const begun = record.kind === 'since' ? record.since : record.lastSeen;
    if (begun !== undefined && begun < (oldest ?? Infinity)) oldest = begun;
    if (record.kind !== 'since') newest = Math.max(newest, Math.min(record.lastSeen ?? end, end));
  }
  return { oldest, newest };
}
