import { randomBytes } from 'node:crypto';
import { hash, type Options, verify } from '@node-rs/argon2';
import type { Caller } from '../../../common/fair-shares.ts';
import { createSemaphore, type SemaphoreOptions } from '../../../common/semaphore.ts';
import { networkOf } from '../domain/password-attempts.ts';
import { isTooLongToCheck, normalisePassword } from '../domain/password.ts';

/** Turns passwords into hashes and checks them, a bounded number at a time. */
export interface PasswordHasher {
  /** A hash in PHC form. Throws AppError OVERLOADED. */
  hash(password: string, caller: PasswordCaller): Promise<string>;
  /**
   * Whether the password belongs to the hash. Without a hash the answer is no, after the same work, so that nobody can
   * tell by the time whether there is an account. `atItsTurn` is called before the work, when nobody is waited for any
   * more; what it throws is thrown, and the work not done. Throws AppError OVERLOADED.
   */
  matches(
    password: string,
    passwordHash: string | undefined,
    caller: PasswordCaller,
    atItsTurn?: () => Promise<void>,
  ): Promise<boolean>;
}

/** For whom a password is hashed: networks get equal shares of the work, and so do accounts within one. */
export interface PasswordCaller {
  readonly account: string;
  /** Where the person is, if that is known. */
  readonly address: string | undefined;
}

/** A password hash function without a bound. */
export interface HashFunction {
  readonly hash: (password: string) => Promise<string>;
  readonly verify: (passwordHash: string, password: string) => Promise<boolean>;
}

/** How many are hashed at a time: one a core of a small machine, 38 MiB in all; the others wait, but not for long. */
export const hasherBounds: SemaphoreOptions = {
  name: 'password hashing',
  places: 2,
  maxWaiting: 100,
  maxWaitMs: 2_000,
};

/** The algorithm is the package's default, argon2id: its name is a const enum, which does not exist at run time. */
const parameters: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** argon2id with 19 MiB, two passes and one lane, as OWASP's password storage guide asks for. */
export const argon2id: HashFunction = {
  hash: (password) => hash(normalisePassword(password), parameters),
  verify: (passwordHash, password) => verify(passwordHash, normalisePassword(password)),
};

/** A bounded hasher. Makes one hash beforehand: the one to check against where there is no account. */
export async function createPasswordHasher(
  hashFunction: HashFunction = argon2id,
  bounds: SemaphoreOptions = hasherBounds,
): Promise<PasswordHasher> {
  const semaphore = createSemaphore(bounds);
  const nobodysHash = await hashFunction.hash(randomBytes(32).toString('base64'));

  const bounded = async <T>(caller: PasswordCaller, work: () => Promise<T>): Promise<T> => {
    const release = await semaphore.acquire(shareOf(caller));
    try {
      return await work();
    } finally {
      release();
    }
  };

  return {
    hash: (password, caller) => bounded(caller, () => hashFunction.hash(password)),
    async matches(password, passwordHash, caller, atItsTurn) {
      if (isTooLongToCheck(password)) return false;
      const isRight = await bounded(caller, async () => {
        await atItsTurn?.();
        return hashFunction.verify(passwordHash ?? nobodysHash, password);
      });
      return isRight && passwordHash !== undefined;
    },
  };
}

function shareOf({ account, address }: PasswordCaller): Caller {
  return { group: address === undefined ? '' : networkOf(address), member: account };
}
