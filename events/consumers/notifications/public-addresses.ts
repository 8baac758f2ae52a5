import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Networks outside the public Internet (IANA's special-purpose address registries). */
const special = networksOf([
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
  // IPv6: everything outside 2000::/3, and the transition and documentation ranges inside it.
  ...['::/3', '4000::/2', '8000::/1', '2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
]);

/** One list per family: in a common list, every IPv4 address would also match `::/3`. */
interface Networks {
  readonly ipv4: BlockList;
  readonly ipv6: BlockList;
}

/** Decides which addresses may be contacted. */
export interface AddressRules {
  /** True for a public address, or one in an explicitly allowed network. */
  isAllowed(address: string): boolean;
  /** The same for a URL's host that is an IP literal, which is never resolved. */
  isAllowedHost(host: string): boolean;
  /** Resolves a name as Node does; fails if any address is not allowed. */
  readonly lookup: LookupFunction;
}

/** Rules that allow public addresses and the given networks. */
export function createAddressRules(allowedNetworks: readonly string[]): AddressRules {
  const allowed = networksOf(allowedNetworks);
  const isAllowed = (address: string): boolean =>
    has(allowed, address) || (isIP(address) !== 0 && !has(special, address));
  return {
    isAllowed,
    isAllowedHost(host) {
      const address = host.replace(/^\[(.*)\]$/, '$1');
      return isIP(address) === 0 || isAllowed(address);
    },
    lookup(name, options, callback) {
      lookup(name, { ...options, all: true }, (error, addresses) => {
        if (error) {
          callback(error, '');
          return;
        }
        const [first] = addresses;
        // One bad address is enough, because we do not choose which one is used.
        if (!first || !addresses.every(({ address }) => isAllowed(address))) {
          callback(new Error(`${name} leads to an address that is not public`), '');
        } else if (options.all === true) callback(null, addresses);
        else callback(null, first.address, first.family);
      });
    },
  };
}

function networksOf(texts: readonly string[]): Networks {
  const networks: Networks = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const text of texts) {
    const [address = '', bits = ''] = text.split('/');
    networks[familyOf(address)].addSubnet(address, Number(bits), familyOf(address));
  }
  return networks;
}

function has(networks: Networks, address: string): boolean {
  return networks[familyOf(address)].check(address, familyOf(address));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
