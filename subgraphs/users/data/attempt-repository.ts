import type { Kysely } from 'kysely';
import type { UsersTables } from './tables.ts';

/** How many attempts a window allows, and when a window that starts now ends. */
export interface AttemptWindow {
  readonly maxAttempts: number;
  readonly now: Date;
  readonly endsAt: Date;
}

/** The count of attempts, shared by all processes on the database. */
export interface AttemptRepository {
  /**
   * Counts an attempt of a subject. `undefined` when it is allowed; otherwise the end of the full window. No more than
   * `maxAttempts` are allowed, however many are concurrent.
   */
  count(subject: Uint8Array, window: AttemptWindow): Promise<Date | undefined>;
  /** Resets the count of a subject. */
  forget(subject: Uint8Array): Promise<void>;
}

/** The maximum number of ended windows that one new window removes. */
const removedAtOnce = 10;

/** The attempts in a database. */
export function createAttemptRepository(database: Kysely<UsersTables>): AttemptRepository {
  return {
    async count(subject, { maxAttempts, now, endsAt }) {
      const counted = await database
        .insertInto('password_attempts')
        .values({ subject, attempts: 1, ends_at: endsAt })
        .onConflict((conflict) =>
          conflict
            .column('subject')
            .doUpdateSet((eb) => {
              const hasEnded = eb('password_attempts.ends_at', '<=', now);
              const counted = eb('password_attempts.attempts', '+', 1);
              return {
                attempts: eb.case().when(hasEnded).then(1).else(counted).end(),
                ends_at: eb
                  .case()
                  .when(hasEnded)
                  .then(eb.ref('excluded.ends_at'))
                  .else(eb.ref('password_attempts.ends_at'))
                  .end(),
              };
            })
            .where((eb) =>
              eb.or([
                eb('password_attempts.ends_at', '<=', now),
                eb('password_attempts.attempts', '<', maxAttempts),
              ]),
            ),
        )
        .returning('attempts')
        .executeTakeFirst();
      if (counted?.attempts === 1) await removeEnded(database, now);
      if (counted) return undefined;
      const full = await database
        .selectFrom('password_attempts')
        .select('ends_at')
        .where('subject', '=', subject)
        .executeTakeFirst();
      // Removed meanwhile: the right password was given, and the next attempt is allowed.
      return full?.ends_at ?? now;
    },

    async forget(subject) {
      await database.deleteFrom('password_attempts').where('subject', '=', subject).execute();
    },
  };
}

/** More are removed than added, so the table only has what still counts. */
async function removeEnded(database: Kysely<UsersTables>, now: Date): Promise<void> {
  await database
    .deleteFrom('password_attempts')
    .where('subject', 'in', (eb) =>
      eb
        .selectFrom('password_attempts')
        .select('subject')
        .where('ends_at', '<=', now)
        .orderBy('ends_at')
        .limit(removedAtOnce)
        .forUpdate()
        .skipLocked(),
    )
    .execute();
}
