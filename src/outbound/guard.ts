/** Who may be spoken with: asked of names before they are looked up, and of every address before and after it is connected to. */
import { isIP } from 'node:net';
import { AppError } from '../kernel/errors.ts';
import { blockList, isListed, isPublicAddress, plainAddress } from './addresses.ts';

export interface Guard {
  /** Whether every address of this host and port is allowed, by setting. */
  readonly trusts: (hostname: string, port: number) => boolean;
  /** Whether an address is one that the setting lists. */
  readonly allows: (address: string) => boolean;
  /** @throws AppError ADDRESS_NOT_ALLOWED */
  readonly require: (hostname: string, address: string) => void;
}

/**
 * `allowed` lists hosts, addresses and ranges of addresses that are no longer refused; `routes` are the targets of routes.
 */
export function createGuard(allowed: readonly string[], routes: readonly URL[]): Guard {
  const isRange = (text: string): boolean => isIP(text.split('/')[0] ?? '') !== 0;
  const ranges = blockList(allowed.filter(isRange));
  const hosts = new Set(allowed.filter((text) => !isRange(text)).map((host) => host.toLowerCase()));
  const targets = new Set(routes.map((url) => `${plainHost(url.hostname)}:${portOf(url)}`));
  return {
    trusts: (hostname, port) => {
      const host = plainHost(hostname);
      return hosts.has(host) || targets.has(`${host}:${port}`);
    },
    allows: (address) => isIP(address) !== 0 && isListed(ranges, address),
    require: (hostname, address) => {
      if (isPublicAddress(address) || (isIP(plainAddress(address)) !== 0 && isListed(ranges, address))) return;
      throw new AppError('ADDRESS_NOT_ALLOWED', `${hostname} is an address of a private network, or of this machine`, {
        hint: 'If it is meant, an administrator lists it in the setting CAIRN_ALLOW_PRIVATE.',
      });
    },
  };
}

/** As names are compared: lower case, without brackets or the dot at the end of a full name. */
export function plainHost(hostname: string): string {
  return plainAddress(hostname).toLowerCase().replace(/\.$/, '');
}

/** The port that an address is reached by. */
export function portOf({ port, protocol }: Pick<URL, 'port' | 'protocol'>): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
}
