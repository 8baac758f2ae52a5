import { describe, expect, it } from '@jest/globals';
import { attemptSubject } from './password-attempts.ts';

const subject = (account: string, address?: string): string =>
  Buffer.from(attemptSubject(account, address)).toString('hex');
const john = 'john@example.com';

describe('users/password-attempts', () => {
  it.each([
    ['the same address', '192.0.2.7', '192.0.2.7'],
    ['an IPv4 address as IPv6 writes it', '192.0.2.7', '::ffff:192.0.2.7'],
    ['addresses of one IPv6 network', '2001:db8:0:1::1', '2001:db8:0:1:ffff:eeee:dddd:cccc'],
    ['the same IPv6 address in other spellings', '2001:db8::1', '2001:0DB8:0:0:0:0:0:1'],
    ['an IPv6 address with and without its zone', 'fe80::1', 'fe80::1%eth0'],
  ])('counts together %s', (_what, one, other) => {
    expect(subject(john, one)).toBe(subject(john, other));
  });

  it.each<readonly [string, Parameters<typeof subject>, Parameters<typeof subject>]>([
    ['two addresses', [john, '192.0.2.7'], [john, '192.0.2.8']],
    ['two IPv6 networks', [john, '2001:db8:0:1::1'], [john, '2001:db8:0:2::1']],
    ['two accounts', [john, '192.0.2.7'], ['jane@example.com', '192.0.2.7']],
    [
      'account and address texts that would be equal when joined',
      [`${john}","`, '1'],
      [john, '","1'],
    ],
  ])('counts apart %s', (_what, one, other) => {
    expect(subject(...one)).not.toBe(subject(...other));
  });

  it('counts all clients with an unknown address together', () => {
    expect(subject(john)).toBe(subject(john));
    expect(subject(john)).not.toBe(subject(john, '192.0.2.7'));
  });
});
