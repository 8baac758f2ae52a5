import type { Generated } from 'kysely';

/** The migrations of the inbox, applied in the consumer's schema. */
export const inboxMigrations = new URL('./migrations/', import.meta.url);

/** The state of an event for a consumer; see the migration. */
export type InboxState = 'started' | 'done' | 'unknown' | 'held' | 'parked' | 'dead';

/** The table of a consumer's inbox. 64-bit integers are read as text. */
export interface InboxTables {
  readonly inbox: {
    readonly consumer: string;
    readonly event_id: string;
    readonly key: string;
    state: InboxState;
    readonly sequence: Generated<string>;
    readonly event: string | null;
    changed_at: Generated<Date>;
  };
}

/** The identity of an event in an inbox. */
export interface InboxEntry {
  readonly id: string;
  readonly key: string;
}

/** What an inbox has of an event, and of others of its key. */
export interface InboxView {
  readonly state: InboxState | undefined;
  /** Whether an earlier event of the key has failed and will be retried, and whether others wait for it. */
  readonly isHeld: boolean;
  readonly hasParked: boolean;
}
