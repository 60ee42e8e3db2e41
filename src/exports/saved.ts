/** Exports with a name: those that contexts declare, and those that somebody saved, which stand before them. */
import type { Query } from '../database/session.ts';
import type { NamedExport } from '../graphql/export-source.ts';
import type { Actor } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';
import { isJsonObject } from '../kernel/json.ts';
import { type Catalogue, findSource } from './catalogue.ts';
import { isKeeper } from './exports.read.ts';
import { checkedRequest, type ExportChoices, type ExportRequest } from './request.ts';

export interface SavedExport extends ExportChoices {
  readonly name: string;
  readonly description: string;
  readonly source: string;
  readonly format: string;
  /** Who saved it, as the history names them; null of what is declared. */
  readonly owner: string | null;
  readonly updatedAt: Date | null;
}

interface SavedRow extends Record<string, unknown> {
  readonly name: string;
  readonly description: string;
  readonly source: string;
  readonly format: string;
  readonly request: unknown;
  readonly owner: string;
  readonly updated_at: Date;
}

const SELECT = 'SELECT name, description, source, format, request, owner, updated_at FROM saved_exports';

const ofRow = ({ updated_at, request, ...row }: SavedRow): SavedExport => ({
  ...row,
  updatedAt: updated_at,
  ...(isJsonObject(request) ? request : {}),
});

const ofDeclared = (named: NamedExport): SavedExport => ({ ...named, owner: null, updatedAt: null });

/** All of them by name. */
export async function listSaved(query: Query, { named }: Catalogue): Promise<SavedExport[]> {
  const rows = await query<SavedRow>('exports saved', `${SELECT} ORDER BY name`);
  const byName = new Map([...named.values()].map((each) => [each.name, ofDeclared(each)]));
  for (const row of rows) byName.set(row.name, ofRow(row));
  return [...byName.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** Undefined when there is none of this name. */
export async function findSaved(query: Query, { named }: Catalogue, name: string): Promise<SavedExport | undefined> {
  const [row] = await query<SavedRow>('export saved', `${SELECT} WHERE name = $1`, [name]);
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
}

/**
 * Saves an export under its name, in place of one that its owner, or an admin of all contexts, saved before.
 * @throws AppError BAD_USER_INPUT, NOT_FOUND for a source that there is not, FORBIDDEN for another's name
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
  await requireOwn(query, actor, name);
  const request = JSON.stringify({ where, orderBy, fields, first, options });
  const [row] = await query<SavedRow>(
    'export save',
    `INSERT INTO saved_exports AS s (name, description, source, format, request, owner)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (name) DO UPDATE
        SET description = excluded.description, source = excluded.source, format = excluded.format,
            request = excluded.request, updated_at = now()
      WHERE s.owner = excluded.owner OR $7
     RETURNING name, description, source, format, request, owner, updated_at`,
    [name, description, source, format, request, actor.label, isKeeper(actor)],
  );
  // Two may save a name that is new to both.
  if (row === undefined) throw othersName(name);
  return ofRow(row);
}

/** Says whether there was one. @throws AppError FORBIDDEN for another's */
export async function deleteSaved(query: Query, actor: Actor, name: string): Promise<boolean> {
  await requireOwn(query, actor, name);
  const rows = await query('export forget', 'DELETE FROM saved_exports WHERE name = $1 RETURNING name', [name]);
  return rows.length > 0;
}

async function requireOwn(query: Query, actor: Actor, name: string): Promise<void> {
  const [row] = await query<{ owner: string }>(
    'export owner',
    'SELECT owner FROM saved_exports WHERE name = $1 FOR UPDATE',
    [name],
  );
  if (row === undefined || row.owner === actor.label || isKeeper(actor)) return;
  throw othersName(name);
}

const othersName = (name: string): AppError =>
  new AppError('FORBIDDEN', `Somebody else saved the export ${name}`, { hint: 'Save it under another name.' });
