/** A caller of a shared resource. Groups get equal shares, and so do the members of a group. */
export interface Caller {
  readonly group: string;
  readonly member: string;
}

/** What callers have received so far, so that the next place goes to the caller with the least. */
export interface FairShares {
  /** A caller has arrived, to wait or to be served immediately. */
  enter(caller: Caller): void;
  /** A caller has left. */
  leave(caller: Caller): void;
  /** A caller has received a place. */
  serve(caller: Caller): void;
  /** Negative when the first caller is to be served before the second; 0 when both have received the same. */
  compareServed(a: Caller, b: Caller): number;
  /** Positive when more callers of the first one's group and member are here than of the second one's. */
  compareCrowd(a: Caller, b: Caller): number;
}

interface Share {
  present: number;
  served: number;
}

/**
 * Counts by group, and by member within a group. Absent callers are forgotten. A new caller starts with the smallest
 * count of all present callers, so that absence earns no priority.
 */
export function createFairShares(): FairShares {
  const groups = new Map<string, Share>();
  const members = new Map<string, Share>();

  const levels = ({ group, member }: Caller) =>
    [
      [groups, group],
      [members, JSON.stringify([group, member])],
    ] as const;
  const compare = (a: Caller, b: Caller, what: keyof Share): number => {
    if (a === b) return 0;
    const [[, groupOfA], [, memberA]] = levels(a);
    const [[, groupOfB], [, memberB]] = levels(b);
    const of = (shares: Map<string, Share>, key: string): number => shares.get(key)?.[what] ?? 0;
    return (
      of(groups, groupOfA) - of(groups, groupOfB) || of(members, memberA) - of(members, memberB)
    );
  };

  return {
    enter(caller) {
      for (const [shares, key] of levels(caller)) {
        const share = shares.get(key);
        if (share) share.present += 1;
        else shares.set(key, { present: 1, served: leastServed(shares) });
      }
    },
    leave(caller) {
      for (const [shares, key] of levels(caller)) {
        const share = shares.get(key);
        if (!share) continue;
        share.present -= 1;
        if (share.present === 0) shares.delete(key);
      }
    },
    serve(caller) {
      for (const [shares, key] of levels(caller)) {
        const share = shares.get(key);
        if (share) share.served += 1;
      }
    },
    compareServed: (a, b) => compare(a, b, 'served'),
    compareCrowd: (a, b) => compare(a, b, 'present'),
  };
}

function leastServed(shares: ReadonlyMap<string, Share>): number {
  let least = Number.POSITIVE_INFINITY;
  for (const { served } of shares.values()) least = Math.min(least, served);
  return Number.isFinite(least) ? least : 0;
}
