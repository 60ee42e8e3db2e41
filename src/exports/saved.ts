/** Exports with a name: those that contexts declare, and before them those that somebody saved for themselves or for everybody. */
import type { Query } from '../database/session.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import type { NamedExport } from '../graphql/export-source.ts';
import { type Actor, ownerOf } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';
import { isJsonObject } from '../kernel/json.ts';
import { type Catalogue, type Found, findSource } from './catalogue.ts';
import { isKeeper } from './exports.read.ts';
import { checkedRequest, type ExportChoices, type ExportRequest } from './request.ts';
import { requireRights } from './source.ts';

export interface SavedExport extends ExportChoices {
  readonly name: string;
  readonly description: string;
  readonly source: string;
  readonly format: string;
  /** Who saved it, as the history names them; null of what is declared. */
  readonly owner: string | null;
  /** Whether everybody sees and runs it. */
  readonly isShared: boolean;
  /** Whether it is whoever's who reads it. */
  readonly isOwn: boolean;
  readonly updatedAt: Date | null;
}

interface SavedRow extends Record<string, unknown> {
  readonly name: string;
  readonly description: string;
  readonly source: string;
  readonly format: string;
  readonly request: unknown;
  readonly owner: string;
  readonly is_shared: boolean;
  readonly is_own: boolean;
  readonly updated_at: Date;
}

const COLUMNS =
  'name, description, source, format, request, owner, is_shared, owner_id = cairn_owner() AS is_own, updated_at';
/** Row-level security shows one's own and what others share. */
const OWN_FIRST = 'owner_id = cairn_owner() DESC, id';

const ofRow = (found: SavedRow): SavedExport => {
  const { updated_at: updatedAt, is_shared: isShared, is_own: isOwn, request, ...row } = found;
  return { ...row, ...{ isShared, isOwn, updatedAt }, ...(isJsonObject(request) ? request : {}) };
};

const ofDeclared = (named: NamedExport): SavedExport => ({
  ...named,
  owner: null,
  isShared: true,
  isOwn: false,
  updatedAt: null,
});

/**
 * Those that whoever asks may run, by name: of one name their own, then what somebody shares, then what is declared. What others
 * share of rows that are not theirs to see is left out.
 */
export async function listSaved(context: GraphqlContext, catalogue: Catalogue): Promise<SavedExport[]> {
  const rows = await context.reads.query<SavedRow>(
    'exports saved',
    `SELECT DISTINCT ON (name) ${COLUMNS} FROM saved_exports ORDER BY name, ${OWN_FIRST}`,
  );
  const byName = new Map([...catalogue.named.values()].map((each) => [each.name, ofDeclared(each)]));
  for (const row of rows) byName.set(row.name, ofRow(row));
  return [...byName.values()]
    .filter((saved) => mayRun(context, catalogue, saved))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** Whether {@link requireRunnable} lets it pass. */
export function mayRun(context: GraphqlContext, catalogue: Catalogue, saved: SavedExport): boolean {
  try {
    requireRunnable(context, catalogue, saved);
    return true;
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'FORBIDDEN') return false;
    throw thrown;
  }
}

/**
 * One's own is always there to be seen and mended. Of a source that there is no more nobody is told less.
 * @throws AppError FORBIDDEN
 */
export function requireRunnable(context: GraphqlContext, catalogue: Catalogue, { isOwn, source }: SavedExport): void {
  const found = isOwn ? undefined : sourceOf(catalogue, source);
  if (found !== undefined) requireRights(context, found);
}

function sourceOf(catalogue: Catalogue, source: string): Found | undefined {
  try {
    return findSource(catalogue, source);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'NOT_FOUND') return undefined;
    throw thrown;
  }
}

/** The one of this name, one's own first, whether or not its rows may be read; undefined when there is none. */
export async function findSaved(query: Query, { named }: Catalogue, name: string): Promise<SavedExport | undefined> {
  const [row] = await query<SavedRow>(
    'export saved',
    `SELECT ${COLUMNS} FROM saved_exports WHERE name = $1 ORDER BY ${OWN_FIRST} LIMIT 1`,
    [name],
  );
  if (row !== undefined) return ofRow(row);
  const declared = named.get(name);
  return declared && ofDeclared(declared);
}

/** What it asks for; in another format where one is given. @throws AppError BAD_USER_INPUT */
export const requestOf = (saved: SavedExport, format?: string): ExportRequest =>
  checkedRequest(saved.source, format ?? saved.format, {
    where: saved.where,
    orderBy: saved.orderBy,
    fields: saved.fields,
    first: saved.first,
    options: saved.options,
  });

const NAME = /^[a-z][a-z0-9_-]{0,99}$/;

export interface NewSavedExport extends ExportRequest {
  readonly name: string;
  readonly description: string;
  /** Whether everybody is to see and run it; undefined or null leaves that as it is. */
  readonly isShared?: boolean | null | undefined;
}

/**
 * Saves an export under its name, in place of one's own, or, by an admin of all contexts, of what somebody else shares. It is
 * its owner's alone unless it is shared; saved again it stays what it was unless told.
 * @throws AppError BAD_USER_INPUT, NOT_FOUND for a source that there is not, FORBIDDEN for a name under which another shares one
 */
export async function saveExport(
  query: Query,
  catalogue: Catalogue,
  actor: Actor,
  given: NewSavedExport,
): Promise<SavedExport> {
  const { name, description, source, format, where, orderBy, fields, first, options } = given;
  if (!NAME.test(name)) {
    throw new AppError('BAD_USER_INPUT', 'A name is lower-case letters, digits, `_` and `-`, 100 at most', {
      path: 'name',
    });
  }
  if (catalogue.registry.datasets.has(name)) {
    throw new AppError('BAD_USER_INPUT', `${name} is a dataset: its export is called so`, { path: 'name' });
  }
  findSource(catalogue, source);
  const { own, others } = await lockNamed(query, actor, name);
  const isShared = given.isShared ?? own?.is_shared ?? false;
  if (isShared && others !== undefined && (own !== undefined || !isKeeper(actor))) throw othersName(name);
  const replaced = own ?? (isShared ? others : undefined);
  const request = JSON.stringify({ where, orderBy, fields, first, options });
  const values = [description, source, format, request, isShared];
  const [row] =
    replaced === undefined
      ? await query<SavedRow>(
          'export save',
          `INSERT INTO saved_exports (description, source, format, request, is_shared, name, owner, owner_id)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
           RETURNING ${COLUMNS}`,
          [...values, name, actor.label, ownerOf(actor)],
        )
      : await query<SavedRow>(
          'export save again',
          `UPDATE saved_exports
              SET description = $1, source = $2, format = $3, request = $4, is_shared = $5, updated_at = now()
            WHERE id = $6
           RETURNING ${COLUMNS}`,
          [...values, replaced.id],
        );
  if (row === undefined) throw othersName(name);
  return ofRow(row);
}

/** Deletes one's own, or what another shares. Says whether there was one. @throws AppError FORBIDDEN for another's */
export async function deleteSaved(query: Query, actor: Actor, name: string): Promise<boolean> {
  const { own, others } = await lockNamed(query, actor, name);
  if (own === undefined && others !== undefined && !isKeeper(actor)) throw othersName(name);
  const gone = own ?? others;
  if (gone === undefined) return false;
  await query('export forget', 'DELETE FROM saved_exports WHERE id = $1', [gone.id]);
  return true;
}

interface Named extends Record<string, unknown> {
  readonly id: bigint;
  readonly is_shared: boolean;
  readonly is_own: boolean;
}

/** What the actor sees under a name, which nobody else saves or deletes until the transaction ends. */
async function lockNamed(query: Query, actor: Actor, name: string): Promise<{ own?: Named; others?: Named }> {
  // Two may save a name that is new to both.
  await query('export name', "SELECT pg_advisory_xact_lock(hashtextextended('saved export ' || $1, 0))", [name]);
  const rows = await query<Named>(
    'exports of a name',
    'SELECT id, is_shared, owner_id = $2 AS is_own FROM saved_exports WHERE name = $1 ORDER BY id',
    [name, ownerOf(actor)],
  );
  const own = rows.find((row) => row.is_own);
  const others = rows.find((row) => !row.is_own);
  return { ...(own && { own }), ...(others && { others }) };
}

const othersName = (name: string): AppError =>
  new AppError('FORBIDDEN', `Somebody else shares an export ${name}`, { hint: 'Save it under another name.' });
