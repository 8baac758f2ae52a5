/** Runs tasks of the same key one after the other, in the order of submission, and those of different keys concurrently. */
export interface ByKey {
  run<T>(key: string, work: () => Promise<T>): Promise<T>;
}

/** Creates the queues of all keys. */
export function createByKey(): ByKey {
  const last = new Map<string, Promise<unknown>>();
  return {
    async run(key, work) {
      const before = last.get(key);
      const mine = (async () => {
        await before?.catch(() => undefined);
        return work();
      })();
      last.set(key, mine);
      try {
        return await mine;
      } finally {
        if (last.get(key) === mine) last.delete(key);
      }
    },
  };
}
