import type { Clock } from '../../../common/clock.ts';
import { AppError } from '../../../common/errors.ts';
import type { AttemptRepository } from '../data/attempt-repository.ts';
import { attemptLimit, attemptSubject } from '../domain/password-attempts.ts';
import type { PasswordHasher } from './password-hasher.ts';

/** A password that somebody says is that of an account. */
export interface PasswordClaim {
  /** What names the account, whether it exists or not. */
  readonly account: string;
  /** Where the person is, if that is known. */
  readonly address: string | undefined;
  readonly password: string;
  /** Of the account; `undefined` when it does not exist. */
  readonly passwordHash: string | undefined;
}

/**
 * Whether a password is right. Throws AppError RATE_LIMITED when the account had too many wrong ones from the address,
 * with the time after which it takes another; and OVERLOADED.
 */
export type CheckPassword = (claim: PasswordClaim) => Promise<boolean>;

/** What the check is made of. */
export interface PasswordCheckDependencies {
  readonly passwords: PasswordHasher;
  readonly attempts: AttemptRepository;
  readonly clock: Clock;
}

/**
 * Checks passwords and counts the wrong ones. An attempt is counted before its password is looked at, so that many at a
 * time get no more tries than one after another; and only when it is its turn, so that a crowd with the right password
 * does not stand in its own way. The right password begins the count anew.
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
