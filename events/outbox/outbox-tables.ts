import type { Generated } from 'kysely';

/** The migrations of the outbox, applied in the schema of the service that writes events. */
export const outboxMigrations = new URL('./migrations/', import.meta.url);

/** The outbox table of a service. 64-bit integers are read as text. */
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
