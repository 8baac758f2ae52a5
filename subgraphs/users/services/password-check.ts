import type { Clock } from '../../../common/clock.ts';
import { AppError } from '../../../common/errors.ts';
import type { AttemptRepository } from '../data/attempt-repository.ts';
import { attemptLimit, attemptSubject } from '../domain/password-attempts.ts';
import type { PasswordHasher } from './password-hasher.ts';

/** A password that is claimed to be an account's. */
export interface PasswordClaim {
  /** Identifies the account, whether it exists or not. */
  readonly account: string;
  /** The client's address, if it is known. */
  readonly address: string | undefined;
  readonly password: string;
  /** Of the account; `undefined` when it does not exist. */
  readonly passwordHash: string | undefined;
}

/**
 * Whether a password is right. Throws AppError RATE_LIMITED after too many wrong ones for the account from the address,
 * with the time after which another is accepted; and OVERLOADED.
 */
export type CheckPassword = (claim: PasswordClaim) => Promise<boolean>;

/** The dependencies of the check. */
export interface PasswordCheckDependencies {
  readonly passwords: PasswordHasher;
  readonly attempts: AttemptRepository;
  readonly clock: Clock;
}

/**
 * Checks passwords and counts the wrong ones. An attempt is counted before its password is checked, so that concurrent
 * attempts get no more tries than consecutive ones; and only when its turn comes, so that many with the right password
 * do not lock each other out. The right password resets the count.
 */
export function createPasswordCheck({
  passwords,
  attempts,
  clock,
}: PasswordCheckDependencies): CheckPassword {
  const { maxAttempts, windowMs } = attemptLimit;
  return async ({ account, address, password, passwordHash }) => {
    const subject = attemptSubject(account, address);
    const caller = { account, address };
    const isRight = await passwords.matches(password, passwordHash, caller, async () => {
      const now = clock.now();
      const fullUntil = await attempts.count(subject, {
        maxAttempts,
        now: new Date(now),
        endsAt: new Date(now + windowMs),
      });
      if (fullUntil) throw tooMany(fullUntil.getTime() - now);
    });
    if (isRight) await attempts.forget(subject);
    return isRight;
  };
}

function tooMany(waitMs: number): AppError {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1_000));
  return new AppError(
    'RATE_LIMITED',
    `Too many wrong passwords; try again in ${retryAfterSeconds} seconds.`,
    { retryAfterSeconds },
  );
}
