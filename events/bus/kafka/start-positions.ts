import { setTimeout as pause } from 'node:timers/promises';
import type { Admin, Consumer } from 'kafkajs';

/** The deadline for a new group: others may be starting with it. */
const newGroupMs = 25_000;

const lookEveryMs = 100;

/** A new consumer group, and a member of it. */
interface NewGroup {
  readonly admin: Admin;
  readonly groupId: string;
  readonly topic: string;
  /** Creates a member that commits nothing by itself. */
  readonly createMember: () => Consumer;
}

/**
 * Makes a new consumer group begin at the current end of a topic: what comes from now on waits for it. A group that has
 * committed anything keeps its place; a partition that was added since is read from its beginning.
 *
 * Only a member may commit, and only for partitions that are its own: two processes that start at once do not overwrite
 * each other's position, which would skip what was published in between.
 */
export async function keepStartPositions({
  admin,
  groupId,
  topic,
  createMember,
}: NewGroup): Promise<void> {
  const missing = await partitionsWithoutPosition(admin, groupId, topic);
  if (missing.open.length < missing.count) return;
  const member = createMember();
  let own: readonly number[] = [];
  member.on(member.events.GROUP_JOIN, ({ payload }) => {
    own = payload.memberAssignment[topic] ?? [];
  });
  try {
    await member.connect();
    await member.subscribe({ topics: [topic], fromBeginning: true });
    await member.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: () => Promise.resolve(),
    });
    const endsAt = performance.now() + newGroupMs;
    for (;;) {
      const { open } = await partitionsWithoutPosition(admin, groupId, topic);
      if (open.length === 0) return;
      if (performance.now() > endsAt) {
        throw new Error(`the group ${groupId} has no position within ${newGroupMs} ms`);
      }
      await commitEnds(admin, member, topic, new Set(open.filter((each) => own.includes(each))));
      await pause(lookEveryMs);
    }
  } finally {
    await member.disconnect().catch(() => undefined);
  }
}

async function commitEnds(
  admin: Admin,
  member: Consumer,
  topic: string,
  partitions: ReadonlySet<number>,
): Promise<void> {
  if (partitions.size === 0) return;
  const ends = await admin.fetchTopicOffsets(topic);
  await member.commitOffsets(
    ends
      .filter(({ partition }) => partitions.has(partition))
      .map(({ partition, high }) => ({ topic, partition, offset: high })),
  );
}

async function partitionsWithoutPosition(admin: Admin, groupId: string, topic: string) {
  const [found] = await admin.fetchOffsets({ groupId, topics: [topic] });
  const partitions = found?.partitions ?? [];
  return {
    count: partitions.length,
    open: partitions.filter(({ offset }) => Number(offset) < 0).map(({ partition }) => partition),
  };
}
