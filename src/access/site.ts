import { contextSlot } from '../graphql/context.ts';

/** Where people reach the server. */
export interface Site {
  /** `https://cairn.example.org`, without a slash at its end. Known once the port is open. */
  readonly baseUrl: () => string;
}

/** Filled by the server for every operation. */
export const siteSlot = contextSlot<Site>('address');
