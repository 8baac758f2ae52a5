import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Networks that are not of the public Internet (IANA's registries of special-purpose addresses). */
const special = networksOf([
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
  // Those of IPv6: all but 2000::/3, and in it what leads to others or is for examples.
  ...['::/3', '4000::/2', '8000::/1', '2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
]);

/** Networks by family: one list of both would find each address of IPv4 in `::/3`, too. */
interface Networks {
  readonly ipv4: BlockList;
  readonly ipv6: BlockList;
}

/** Says which addresses may be reached. */
export interface AddressRules {
  /** Whether an address is public, or of a network that is allowed all the same. */
  isAllowed(address: string): boolean;
  /** A host of a URL that is an address itself, which is never looked up. */
  isAllowedHost(host: string): boolean;
  /** Looks a name up, as Node does; an error for a name that leads to an address that is not allowed. */
  readonly lookup: LookupFunction;
}

/** Rules that allow public addresses and the networks that are given. */
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
        // One bad address is enough: which of them is taken is not for us to choose.
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
