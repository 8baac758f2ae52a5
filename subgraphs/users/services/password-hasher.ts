import { randomBytes } from 'node:crypto';
import { hash, type Options, verify } from '@node-rs/argon2';
import type { Caller } from '../../../common/fair-shares.ts';
import { createSemaphore, type SemaphoreOptions } from '../../../common/semaphore.ts';
import { networkOf } from '../domain/password-attempts.ts';
import { isTooLongToCheck, normalisePassword } from '../domain/password.ts';

/** Hashes and checks passwords, a limited number at a time. */
export interface PasswordHasher {
  /** A hash in PHC form. Throws AppError OVERLOADED. */
  hash(password: string, caller: PasswordCaller): Promise<string>;
  /**
   * Whether the password matches the hash. Without a hash the result is false, after the same work, so that the
   * response time does not reveal whether there is an account. `atItsTurn` is called right before the work; if it
   * throws, the work is not done and the error is passed on. Throws AppError OVERLOADED.
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
  /** The client's address, if it is known. */
  readonly address: string | undefined;
}

/** A password hash function without a limit. */
export interface HashFunction {
  readonly hash: (password: string) => Promise<string>;
  readonly verify: (passwordHash: string, password: string) => Promise<boolean>;
}

/** The number of concurrent hashes: one per core of a small machine, 38 MiB in all; others wait, but not for long. */
export const hasherBounds: SemaphoreOptions = {
  name: 'password hashing',
  places: 2,
  maxWaiting: 100,
  maxWaitMs: 2_000,
};

/** The algorithm is the package's default, argon2id: its name is a const enum, which does not exist at run time. */
const parameters: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** argon2id with 19 MiB, two passes and one lane, as recommended by OWASP's password storage guide. */
export const argon2id: HashFunction = {
  hash: (password) => hash(normalisePassword(password), parameters),
  verify: (passwordHash, password) => verify(passwordHash, normalisePassword(password)),
};

/** A hasher with limits. Creates one hash in advance, to check against when there is no account. */
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
