/** Who waits, from the whole to the part: a caller of one group and another of a second get equal shares. */
export interface Caller {
  readonly group: string;
  readonly member: string;
}

/** What callers have been given, so that the next place goes to whoever has had least. */
export interface FairShares {
  /** A caller has come, to wait or to be served at once. */
  enter(caller: Caller): void;
  /** It has gone. */
  leave(caller: Caller): void;
  /** It was given a place. */
  serve(caller: Caller): void;
  /** Below 0 when the first is to be served before the second; 0 when both have had the same. */
  compareServed(a: Caller, b: Caller): number;
  /** Above 0 when more of the first's kind are here than of the second's. */
  compareCrowd(a: Caller, b: Caller): number;
}

interface Share {
  here: number;
  served: number;
}

/**
 * Counts by group, and by member within it. Those who are not here are forgotten: who comes anew begins with the least
 * that anybody here has had, so that nobody saves up.
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
        if (share) share.here += 1;
        else shares.set(key, { here: 1, served: leastServed(shares) });
      }
    },
    leave(caller) {
      for (const [shares, key] of levels(caller)) {
        const share = shares.get(key);
        if (!share) continue;
        share.here -= 1;
        if (share.here === 0) shares.delete(key);
      }
    },
    serve(caller) {
      for (const [shares, key] of levels(caller)) {
        const share = shares.get(key);
        if (share) share.served += 1;
      }
    },
    compareServed: (a, b) => compare(a, b, 'served'),
    compareCrowd: (a, b) => compare(a, b, 'here'),
  };
}

function leastServed(shares: ReadonlyMap<string, Share>): number {
  let least = Number.POSITIVE_INFINITY;
  for (const { served } of shares.values()) least = Math.min(least, served);
  return Number.isFinite(least) ? least : 0;
}
