import type { GraphQLSchema } from 'graphql';
import { contextSlot } from '../graphql/context.ts';
import { once } from '../kernel/once.ts';
import type { Catalogue } from './catalogue.ts';

/** What exports need beside a request's context. */
export interface Exporter {
  readonly catalogue: () => Promise<Catalogue>;
  /** Its inputs say what `where` and `orderBy` may be. */
  readonly schema: () => Promise<GraphQLSchema>;
}

/** An exporter that loads what it needs when it is first needed. */
export const createExporter = (catalogue: Exporter['catalogue'], schema: Exporter['schema']): Exporter => ({
  catalogue: once(catalogue),
  schema: once(schema),
});

/** Filled by the server for every operation, request and job. */
export const exporterSlot = contextSlot<Exporter>('exporter');
