/** What becomes of an item: taken into a dataset, kept as a document, or left where it is. Decided by its path alone. */
import picomatch from 'picomatch';
import { type Match, matchFile } from '../../ingest/match.ts';
import { fileFacts } from '../../ingest/read/source.ts';
import type { Registry } from '../../ingest/registry.ts';
import type { RecordTransform } from '../../ingest/transform/transform.ts';
import { hashBytes } from '../../kernel/hash.ts';
import { nameOf } from '../kit/paths.ts';
import type { SourceTransforms } from '../transformations/transformations.read.ts';
import { conflictCopyReason } from '../write-back/conflict-copy.ts';
import type { SyncSource } from './source.ts';

type Transform = () => Promise<RecordTransform | undefined>;

/** `mark` says by which rule: an item whose mark is another by now is read anew. */
export type Claim =
  | {
      readonly to: 'dataset';
      readonly match: Match;
      readonly mark: string;
      /** What its records go through before they are mapped. */
      readonly transform: Transform;
    }
  /** Its sheets may be datasets' all the same. */
  | { readonly to: 'document'; readonly mark: string; readonly transform: Transform }
  | {
      readonly to: 'nothing';
      readonly reason: string;
      readonly mark: string;
      /** Of a copy that somebody must choose about. */
      readonly isConflict?: boolean;
    };

export interface Claims {
  readonly of: (path: string) => Claim;
  /** Of everything that the claims depend on. */
  readonly hash: string;
}

export interface SourceRule {
  /** A glob over the path in the source; case does not matter. */
  readonly pattern: string;
  /** The name of a dataset, `document` or `ignore`. */
  readonly dataset: string;
}

const NO_TRANSFORMS: SourceTransforms = { mark: '', of: async () => undefined };
/** How documents are read; one more, and all are read anew. */
const DOCUMENT = 'document@1';
/** What programs leave lying about, whatever the folder. */
const LITTER = /(?:^|\/)(?:\.[^/]*|~\$[^/]*|desktop\.ini|thumbs\.db|icon\r)(?:\/|$)/i;

export function createClaims(
  source: SyncSource,
  registry: Registry,
  { mark, of: transformOf }: SourceTransforms = NO_TRANSFORMS,
): Claims {
  const rules = rulesOf(source.rules).map((rule) => ({
    ...rule,
    fits: picomatch(rule.pattern, { nocase: true, dot: true }),
  }));
  const more = mark === '' ? '' : `:${mark}`;
  const taken = (match: Match, path: string): Claim => ({
    to: 'dataset',
    match,
    transform: () => transformOf(path),
    mark: `dataset:${match.dataset.name}@${match.dataset.rulesVersion}${more}`,
  });
  const document = (path: string): Claim => ({
    to: 'document',
    mark: DOCUMENT,
    transform: () => transformOf(path),
  });
  const nothing = (reason: string): Claim & { readonly to: 'nothing' } => ({
    to: 'nothing',
    reason,
    mark: `nothing:${reason}`,
  });
  const byDatasets = (path: string): Claim => {
    if (!source.is_shared) return document(path);
    const found = matchFile(registry, fileFacts(path, new Date(0)));
    if ('match' in found) return taken(found.match, path);
    return found.skipped.startsWith('claimed by') ? nothing(found.skipped) : document(path);
  };
  const byRule = (path: string, { dataset }: SourceRule): Claim => {
    if (dataset === 'ignore') return nothing('a rule of the source leaves it out');
    if (dataset === 'document') return document(path);
    if (!source.is_shared) return nothing('only a shared source feeds datasets');
    if (!registry.datasets.has(dataset)) return nothing(`a rule names the dataset ${dataset}, which there is not`);
    const found = matchFile(registry, fileFacts(path, new Date(0)), dataset);
    return 'match' in found ? taken(found.match, path) : nothing(found.skipped);
  };
  return {
    of: (path) => {
      const rule = rules.find(({ fits }) => fits(path));
      const copy = conflictCopyReason(nameOf(path));
      if (copy !== undefined && rule?.dataset !== 'ignore') return { ...nothing(copy), isConflict: true };
      if (rule !== undefined) return byRule(path, rule);
      return LITTER.test(path) ? nothing('hidden, or made by a program for itself') : byDatasets(path);
    },
    hash: hashBytes(
      JSON.stringify([
        rules.map(({ pattern, dataset }) => [pattern, dataset]),
        source.is_shared,
        marksOf(registry),
        mark,
      ]),
    ),
  };
}

const marksOf = ({ datasets, only }: Registry): unknown => [
  only ?? null,
  [...datasets.values()].map(({ name, rulesVersion, files }) => [
    name,
    rulesVersion,
    files.map(({ pattern }) => pattern),
  ]),
];

/** What of the source's rules can be used; whoever wrote them was told of the rest. */
function rulesOf(rules: unknown): SourceRule[] {
  if (!Array.isArray(rules)) return [];
  return rules.flatMap((rule: unknown) => {
    if (typeof rule !== 'object' || rule === null || !('pattern' in rule) || !('dataset' in rule)) return [];
    const { pattern, dataset } = rule;
    return typeof pattern === 'string' && typeof dataset === 'string' ? [{ pattern, dataset }] : [];
  });
}
