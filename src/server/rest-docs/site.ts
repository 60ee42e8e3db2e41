/** Addresses of the REST reference. */
import type { Site } from '../docs/page.ts';
import { REST_ROOT } from '../rest-routes.ts';

export const REST_DOCS = `${REST_ROOT}/docs`;
export const TRY_SCRIPT = `${REST_DOCS}/try.js`;

export const SITE: Site = {
  title: 'Cairn REST',
  home: REST_DOCS,
  searches: 'Find an operation',
  other: { title: 'GraphQL', address: '/docs' },
};

export const operationAddress = (operationId: string): string => `${REST_DOCS}/${operationId}`;
