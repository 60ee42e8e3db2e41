/** Documents of the mutations of one type. */
import type { Answer } from './graphql.ts';
import { fieldOf, type MutableType } from './mutable-types.ts';

export interface MutationDocuments {
  readonly create: string;
  readonly update: string;
  readonly remove: string;
  readonly upsert: string;
  readonly updateMany: string;
  readonly removeMany: string;
}

export function documentsOf(mutable: MutableType): MutationDocuments {
  const { type, plural, key, values } = mutable;
  const row = `${fieldOf(mutable)} { id ${key} version ${Object.keys(values).join(' ')} }`;
  const consequences = 'consequences { table column effect count }';
  return {
    create: `mutation C($input: Create${type}Input!) { create${type}(input: $input) { changed ${row} } }`,
    update: `mutation U($key: String!, $patch: ${type}Patch!, $ifVersion: Int) {
      update${type}(${key}: $key, patch: $patch, ifVersion: $ifVersion) { changed ${row} } }`,
    remove: `mutation D($key: String!, $ifVersion: Int, $dryRun: Boolean! = false) {
      delete${type}(${key}: $key, ifVersion: $ifVersion, dryRun: $dryRun) { deletedId ${key} dryRun ${consequences} } }`,
    upsert: `mutation M($records: [${type}Record!]!) {
      upsert${plural}(records: $records) { created updated unchanged results { outcome ${key} ${row} } } }`,
    updateMany: `mutation N($where: ${type}Filter!, $patch: ${type}Patch!, $atMost: Int!) {
      update${plural}(where: $where, patch: $patch, atMost: $atMost) { matched changed } }`,
    removeMany: `mutation R($where: ${type}Filter!, $atMost: Int!, $dryRun: Boolean! = false) {
      delete${plural}(where: $where, atMost: $atMost, dryRun: $dryRun) { matched deleted dryRun ${consequences} } }`,
  };
}

/** The faults that an answer's first error tells. */
export function faultsOf(answer: Answer): readonly { readonly path: string; readonly code: string }[] {
  const faults = answer.errors?.[0]?.extensions['faults'];
  return Array.isArray(faults) ? faults : [];
}
