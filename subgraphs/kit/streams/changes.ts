import type { Listen, Listening } from '../database/listen.ts';

/** Tells that a thing may have changed, whichever process changed it. */
export interface Changes {
  /**
   * Calls back when the thing with this id may have changed; once it has resolved, no change is missed. Returns a function
   * that ends it.
   */
  follow(id: string, onChange: () => void): Promise<() => void>;
  /** Ends everything. */
  close(): Promise<void>;
}

/**
 * Follows a channel on which transactions notify the ids of what they change. One connection serves all followers of a
 * process; it is opened for the first. When notifications may have been missed, every follower is called.
 */
export function createChanges(listen: Listen, channel: string): Changes {
  const followers = new Map<string, Set<() => void>>();
  let listening: Promise<Listening> | undefined;
  const start = (): Promise<Listening> =>
    (listening ??= listen(channel, {
      onNotified: (id) => {
        for (const onChange of followers.get(id) ?? []) onChange();
      },
      onMissed: () => {
        for (const all of followers.values()) for (const onChange of all) onChange();
      },
    }).catch((error: unknown) => {
      listening = undefined;
      throw error;
    }));

  return {
    async follow(id, onChange) {
      const all = followers.get(id) ?? new Set();
      followers.set(id, all.add(onChange));
      const end = (): void => {
        all.delete(onChange);
        if (all.size === 0 && followers.get(id) === all) followers.delete(id);
      };
      try {
        await start();
      } catch (error) {
        end();
        throw error;
      }
      return end;
    },
    async close() {
      followers.clear();
      await (await listening?.catch(() => undefined))?.close();
    },
  };
}
