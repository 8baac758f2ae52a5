import type { HearEvents } from '../common/event-feed.ts';
import type { DatabaseHome } from '../subgraphs/kit/database/database.ts';
import { publishedChannel } from './bus/embedded/embedded-tables.ts';

/** Hears the events that the database has carried, whichever process has published them: each without its data, once its transaction has committed. */
export function hearPublished({ listen }: Pick<DatabaseHome, 'listen'>): HearEvents {
  return async (sink) => {
    const listening = await listen(publishedChannel, {
      onNotified: (text) => {
        sink.event(text);
      },
      onMissed: () => {
        sink.lost();
        sink.live();
      },
    });
    sink.live();
    return listening;
  };
}
