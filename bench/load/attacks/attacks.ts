import { ACCESS } from './access.ts';
import type { Attack } from './attack.ts';
import { BODIES } from './bodies.ts';
import { CONNECTIONS } from './connections.ts';
import { DOCUMENTS } from './documents.ts';
import { QUERIES } from './queries.ts';
import { WRITES } from './writes.ts';

/** Every class of hostile client. */
export const ATTACKS: readonly Attack[] = [...DOCUMENTS, ...BODIES, ...CONNECTIONS, ...QUERIES, ...ACCESS, ...WRITES];
