import type { DatabaseHome } from '../subgraphs/kit/database/database.ts';
import { publishedChannel } from './bus/embedded/embedded-tables.ts';

/** Is told the events that the database has carried, whichever process has published them. */
export interface PublishedSink {
  /** From now on every event is told. */
  live(): void;
  /** An event without its data, in the JSON format of CloudEvents 1.0. */
  event(text: string): void;
  /** Events may have been missed. */
  lost(): void;
}

/** Begins to hear the events of the bus in the database, each once its transaction has committed. */
export function hearPublished({
  listen,
}: Pick<DatabaseHome, 'listen'>): (sink: PublishedSink) => Promise<{ close(): Promise<void> }> {
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
