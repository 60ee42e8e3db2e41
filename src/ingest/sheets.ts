/** The sheets of a workbook: each that is named like a dataset is an import of its own, under `book.xlsx#Sheet`. */
import { stat } from 'node:fs/promises';
import type { Dataset } from './dataset.ts';
import { lackedScope, type Match, rank } from './match.ts';
import { normalizeName } from './names.ts';
import { sheetName } from './read/sheet-name.ts';
import { fileFacts } from './read/source.ts';
import { readSheetNames } from './read/workbook.ts';
import type { Registry } from './registry.ts';
import type { WalkedFile } from './walk.ts';

export interface ClaimedSheets {
  /** The first is the sheet that the file's own dataset reads, under the file's own path. */
  readonly claims: readonly { readonly path: string; readonly match: Match }[];
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * What of a workbook goes where. The dataset that claims the file takes the sheet that it names, or that is named like it,
 * or the first; every other sheet goes to the dataset that it is named like, or is skipped with a reason. A file that is no
 * readable workbook is left to its reader, which says what is wrong with it.
 */
export async function claimSheets(registry: Registry, file: WalkedFile, match?: Match): Promise<ClaimedSheets> {
  const own = match === undefined ? [] : [{ path: file.path, match }];
  const names = await sheetNames(file);
  if (names === undefined) return { claims: own, skipped: [] };
  const named = (name: string, dataset: Dataset): boolean =>
    [dataset.name, dataset.title].some((known) => normalizeName(known) === normalizeName(name));
  const main =
    match && (match.pattern.sheet ?? names.find((name) => named(name, match.dataset)) ?? names.find(() => true));
  const claims = own.map((claim) => ({ ...claim, match: withSheet(claim.match, main) }));
  const skipped: { path: string; reason: string }[] = [];
  for (const name of names) {
    if (name === main || isContinued(names, name)) continue;
    const path = `${file.path}#${name}`;
    const dataset = [...registry.datasets.values()].find((known) => named(name, known));
    if (dataset === undefined) skipped.push({ path, reason: 'no dataset has the name of this sheet' });
    else if (lackedScope(registry, dataset) !== undefined) {
      skipped.push({ path, reason: `needs the scope ${lackedScope(registry, dataset)}` });
    } else {
      const pattern = { pattern: '**', format: 'xlsx' as const, sheet: name };
      claims.push({ path, match: { dataset, pattern, authority: rank(dataset, dataset.files.length) } });
    }
  }
  // Of a workbook that nothing claims, the file is skipped, not each of its sheets.
  return claims.length === 0 ? { claims, skipped: [] } : { claims, skipped };
}

/** A sheet that goes on with the table of another is read with that one. */
function isContinued(names: readonly string[], name: string): boolean {
  const index = Number(/ \((\d{1,4})\)$/.exec(name)?.[1] ?? 0) - 1;
  return index > 0 && names.some((other) => other !== name && sheetName(other, index) === name);
}

function withSheet(match: Match, sheet: string | undefined): Match {
  return sheet === undefined ? match : { ...match, pattern: { ...match.pattern, sheet } };
}

async function sheetNames({ file, path }: WalkedFile): Promise<string[] | undefined> {
  const facts = fileFacts(path, new Date(0));
  if (facts.extension !== '.xlsx') return undefined;
  try {
    const { size } = await stat(file);
    return await readSheetNames({ path: file, facts, size });
  } catch {
    // The import of the file meets the same fault, and keeps it as a failed import.
    return undefined;
  }
}
