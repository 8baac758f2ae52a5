import type { Listen, Listening, NotificationSink } from '../database/listen.ts';

/** Reports that a thing may have changed, in whichever process. */
export interface Changes {
  /**
   * Calls back when the thing with this id may have changed; no change is missed after it has resolved. Returns a function
   * that stops it.
   */
  follow(id: string, onChange: () => void): Promise<() => void>;
  /** Hears all that is notified on the channel, from when it has resolved. Returns a function that stops it. */
  hear(sink: NotificationSink): Promise<() => void>;
  /** Stops everything. */
  close(): Promise<void>;
}

/**
 * Listens on a channel on which transactions notify the ids of what they change. One connection serves all followers of a
 * process and is opened for the first one. When notifications may have been missed, every follower is called.
 */
export function createChanges(listen: Listen, channel: string): Changes {
  const followers = new Map<string, Set<() => void>>();
  const sinks = new Set<NotificationSink>();
  let listening: Promise<Listening> | undefined;
  const start = (): Promise<Listening> =>
    (listening ??= listen(channel, {
      onNotified: (id) => {
        for (const onChange of followers.get(id) ?? []) onChange();
        for (const sink of sinks) sink.onNotified(id);
      },
      onMissed: () => {
        for (const all of followers.values()) for (const onChange of all) onChange();
        for (const sink of sinks) sink.onMissed();
      },
    }).catch((error: unknown) => {
      listening = undefined;
      throw error;
    }));
  const started = async (end: () => void): Promise<() => void> => {
    try {
      await start();
    } catch (error) {
      end();
      throw error;
    }
    return end;
  };

  return {
    follow(id, onChange) {
      const all = followers.get(id) ?? new Set();
      followers.set(id, all.add(onChange));
      return started(() => {
        all.delete(onChange);
        if (all.size === 0 && followers.get(id) === all) followers.delete(id);
      });
    },
    hear(sink) {
      sinks.add(sink);
      return started(() => {
        sinks.delete(sink);
      });
    },
    async close() {
      followers.clear();
      sinks.clear();
      await (await listening?.catch(() => undefined))?.close();
    },
  };
}
