import type { Generated } from 'kysely';

/** The SQL of the outbox, which the migrator of the service that writes events applies in the schema of that service. */
export const outboxMigrations = new URL('./migrations/', import.meta.url);

/** The table that a service writes its events to. 64-bit integers are read as text. */
export interface OutboxTables {
  readonly outbox: {
    readonly id: Generated<string>;
    readonly event_id: string;
    readonly type: string;
    readonly key: string;
    readonly partition: number;
    readonly event: string;
    readonly recorded_at: Generated<Date>;
    readonly published_at: Date | null;
  };
}
