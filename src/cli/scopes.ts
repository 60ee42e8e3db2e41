import { Option } from 'commander';
import { ACCESS_SCOPE, readScopes } from '../access/rights.ts';
import type { Registry } from '../ingest/registry.ts';

/** `--scopes research,access`: the contexts that somebody is limited to. */
export function scopesOption(): Option {
  return new Option('--scopes <names>', 'only these contexts, such as research,access; without it: all').argParser(
    (text: string) => text.split(',').map((name) => name.trim()),
  );
}

/** Checked against the contexts that there are; null for all. @throws AppError BAD_USER_INPUT */
export function askedScopes({ contexts }: Registry, asked: readonly string[] | undefined): string[] | null {
  return readScopes(asked, [...new Set([...contexts.values(), ACCESS_SCOPE])].sort());
}
