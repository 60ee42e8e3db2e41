/** Which addresses are the public internet's. Everything else is somebody's own network, this machine, or a cloud's metadata. */
import { BlockList, isIP, isIPv4 } from 'node:net';

/** Not reachable, or not meant to be, from another network: private, loopback, link-local (169.254.169.254), shared, special. */
const SPECIAL_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  // Alibaba's and Oracle's metadata services lie in ranges that are otherwise refused or public.
  '168.63.129.16/32',
];

/** Within 2000::/3, outside of which nothing is public: tunnels that lead to any IPv4 address, documentation, benchmarks. */
const SPECIAL_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'];

const PUBLIC_IPV6 = blockList(['2000::/3']);
const SPECIAL = blockList([...SPECIAL_IPV4, ...SPECIAL_IPV6]);

/** A list of ranges such as `10.0.0.0/8`, or of single addresses. @throws TypeError, RangeError where one cannot be read */
export function blockList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

/** Whether a list holds an address, in whichever family it is written. */
export function isListed(list: BlockList, address: string): boolean {
  const plain = plainAddress(address);
  return list.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6');
}

/** Whether an address is the public internet's; a text that is no address is not. */
export function isPublicAddress(address: string): boolean {
  const plain = plainAddress(address);
  if (isIP(plain) === 0) return false;
  if (isIPv4(plain)) return !SPECIAL.check(plain, 'ipv4');
  return PUBLIC_IPV6.check(plain, 'ipv6') && !SPECIAL.check(plain, 'ipv6');
}

/** Prefixes of IPv6 addresses that are another way to write an IPv4 one: mapped, compatible, and translated (NAT64). */
const EMBEDDED_IPV4 = ['::ffff:', '::', '64:ff9b::'];

/**
 * An IPv4 address written as an IPv6 one is that IPv4 address; an IPv6 one loses its brackets and its zone. Anything else stays
 * as it is.
 */
export function plainAddress(text: string): string {
  const address = text.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  if (isIP(address) !== 6) return address;
  // The address's own parser knows all of its spellings, and writes this one.
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  for (const prefix of EMBEDDED_IPV4) {
    const rest = canonical.startsWith(prefix) ? canonical.slice(prefix.length) : '';
    const [, high, low] = /^([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(rest) ?? [];
    if (high !== undefined && low !== undefined) return ipv4Of(Number.parseInt(high, 16), Number.parseInt(low, 16));
  }
  return canonical;
}

const ipv4Of = (high: number, low: number): string => [high >> 8, high & 255, low >> 8, low & 255].join('.');
