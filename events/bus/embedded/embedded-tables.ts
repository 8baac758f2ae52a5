import type { Generated } from 'kysely';

/** The database schema of the embedded bus. */
export const embeddedSchema = 'events';

/** Notified with the schema of an outbox or of the bus when there is something in it. Migrations of the outbox name it too. */
export const wakeUpChannel = 'events_waiting';

/** Notified with the attributes of each event that the bus has carried, for those who only want to hear of it. */
export const publishedChannel = 'events_published';

/** The SQL of the embedded bus, for its schema. */
export const embeddedMigrations = new URL('./migrations/', import.meta.url);

/** The tables of the embedded bus. */
export interface EmbeddedTables {
  readonly subscriptions: {
    readonly consumer: string;
    readonly types: readonly string[];
    readonly holder: string | null;
    readonly held_until: Date | null;
  };
  readonly messages: {
    readonly id: Generated<string>;
    readonly consumer: string;
    readonly event_id: string;
    readonly key: string;
    readonly event: string;
    readonly failures: number;
    readonly state: 'waiting' | 'dead';
    readonly available_at: Date;
    readonly reason: string | null;
    readonly died_at: Date | null;
  };
}
