import { describe, expect, it } from '@jest/globals';
import { createAddressRules } from './public-addresses.ts';

const rules = createAddressRules([]);

describe('addresses that webhooks may go to', () => {
  it.each(['8.8.8.8', '1.1.1.1', '2606:4700:4700::1111'])('take %s', (address) => {
    expect(rules.isAllowed(address)).toBe(true);
  });

  it.each([
    ...['127.0.0.1', '10.0.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254', '0.0.0.0'],
    ...['100.64.0.1', '198.18.0.1', '224.0.0.1', '255.255.255.255', '::1', '::', 'fe80::1'],
    ...['fc00::1', '::ffff:127.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::', 'ff02::1'],
  ])('refuse %s', (address) => {
    expect(rules.isAllowed(address)).toBe(false);
  });

  it.each(['http://2130706433/', 'http://0x7f.1/', 'http://[::1]/', 'http://127.1/'])(
    'refuse %s, however it is written',
    (url) => {
      expect(rules.isAllowedHost(new URL(url).hostname)).toBe(false);
    },
  );

  it('leave names to the look-up, which refuses those that lead to such addresses', async () => {
    expect(rules.isAllowedHost('localhost')).toBe(true);
    const looked = new Promise((resolve) => {
      rules.lookup('localhost', { all: true }, resolve);
    });
    expect(await looked).toMatchObject({ message: expect.stringContaining('not public') });
  });

  it('take networks that are allowed all the same', () => {
    const own = createAddressRules(['10.1.0.0/16']);
    expect([own.isAllowed('10.1.2.3'), own.isAllowed('10.2.2.3')]).toEqual([true, false]);
  });
});
