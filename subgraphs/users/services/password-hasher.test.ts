import { describe, expect, it, jest } from '@jest/globals';
import {
  argon2id,
  createPasswordHasher,
  hasherBounds,
  type HashFunction,
} from './password-hasher.ts';

const caller = { account: 'john@example.com', address: '192.0.2.1' };

/** A hash function that the test controls. */
function heldHashFunction() {
  const held: (() => void)[] = [];
  let running = 0;
  let mostRunning = 0;
  let hold = false;
  const run = async <T>(value: T): Promise<T> => {
    running += 1;
    mostRunning = Math.max(mostRunning, running);
    if (hold) await new Promise<void>((resolve) => held.push(resolve));
    running -= 1;
    return value;
  };
  const hashFunction: HashFunction = {
    hash: (password) => run(`hash of ${password}`),
    verify: (hash, password) => run(hash === `hash of ${password}`),
  };
  return {
    hashFunction,
    hold: () => {
      hold = true;
    },
    letGo: async () => {
      hold = false;
      for (const resolve of held.splice(0)) resolve();
    },
    mostRunning: () => mostRunning,
  };
}

describe('users/password-hasher', () => {
  it('distinguishes the right password from a wrong one', async () => {
    const { hashFunction } = heldHashFunction();
    const passwords = await createPasswordHasher(hashFunction);
    const hash = await passwords.hash('right password', caller);
    expect(await passwords.matches('right password', hash, caller)).toBe(true);
    expect(await passwords.matches('wrong password', hash, caller)).toBe(false);
  });

  it('threat 52: does the same work without an account, and returns false', async () => {
    const { hashFunction } = heldHashFunction();
    const verify = jest.fn(async () => true);
    const passwords = await createPasswordHasher({ ...hashFunction, verify });
    expect(await passwords.matches('any password', undefined, caller)).toBe(false);
    expect(verify).toHaveBeenCalledTimes(1);
  });

  it('threat 53: does not hash a text that is longer than a password', async () => {
    const { hashFunction } = heldHashFunction();
    const verify = jest.fn(async () => true);
    const passwords = await createPasswordHasher({ ...hashFunction, verify });
    expect(await passwords.matches('a'.repeat(129), 'a hash', caller)).toBe(false);
    expect(verify).not.toHaveBeenCalled();
  });

  it('threat 53: hashes two at a time, lets a hundred wait and refuses the next', async () => {
    const fake = heldHashFunction();
    const passwords = await createPasswordHasher(fake.hashFunction);
    fake.hold();
    const admitted = Array.from({ length: 102 }, () => passwords.hash('a password', caller));
    await expect(passwords.hash('one too many', caller)).rejects.toMatchObject({
      code: 'OVERLOADED',
    });
    await fake.letGo();
    expect(new Set(await Promise.all(admitted))).toEqual(new Set(['hash of a password']));
    expect(fake.mostRunning()).toBe(2);
  });

  it('threat 53: lets a login from elsewhere wait for only one hash of a flood', async () => {
    const fake = heldHashFunction();
    const passwords = await createPasswordHasher(fake.hashFunction, { ...hasherBounds, places: 1 });
    fake.hold();
    const order: string[] = [];
    const note = (name: string) => () => order.push(name);
    for (let n = 0; n < 150; n += 1) {
      const flooding = { account: `account-${n % 6}`, address: '2001:db8::1' };
      passwords.hash('flood', flooding).then(note('flood'), note('refused'));
    }
    const other = { account: 'john@example.com', address: '192.0.2.1' };
    const login = passwords.hash('login', other).then(note('login'));
    await fake.letGo();
    await login;
    const served = order.filter((name) => name !== 'refused');
    expect(served.indexOf('login')).toBeLessThanOrEqual(2);
  });

  it('refuses a caller that has waited too long, and serves the next when there is a place', async () => {
    const fake = heldHashFunction();
    const bounds = { ...hasherBounds, places: 1, maxWaitMs: 20 };
    const passwords = await createPasswordHasher(fake.hashFunction, bounds);
    fake.hold();
    const first = passwords.hash('first', caller);
    await expect(passwords.hash('second', caller)).rejects.toMatchObject({ code: 'OVERLOADED' });
    await fake.letGo();
    expect(await first).toBe('hash of first');
    expect(await passwords.hash('third', caller)).toBe('hash of third');
  });

  it('releases the place when hashing fails', async () => {
    const { hashFunction } = heldHashFunction();
    const verify = async () => Promise.reject(new Error('not a hash'));
    const bounds = { ...hasherBounds, places: 1, maxWaitMs: 20 };
    const passwords = await createPasswordHasher({ ...hashFunction, verify }, bounds);
    await expect(passwords.matches('a password', 'damaged', caller)).rejects.toThrow('not a hash');
    expect(await passwords.hash('abc', caller)).toBe('hash of abc');
  });

  it('uses argon2id with 19 MiB, two passes and one lane', async () => {
    const hash = await argon2id.hash('Passw\u00f6rt');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await argon2id.verify(hash, 'Passwo\u0308rt')).toBe(true);
    expect(await argon2id.verify(hash, 'Passwort')).toBe(false);
  });
});
