/** Dropbox on the loopback: its listing, its content host, its sessions, its long poll and its tokens. */
import { openDropbox } from '../dropbox/server.ts';
import type { ProviderFake } from '../provider-fake.ts';

const fake: ProviderFake = { connector: 'dropbox', open: (options) => openDropbox(options) };

export default fake;
