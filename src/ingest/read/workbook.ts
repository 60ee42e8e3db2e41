/** What the sheets of a workbook share: their names, the table of texts, and the formats of numbers. */
import { AppError } from '../../kernel/errors.ts';
import type { SpooledFile } from './source.ts';
import { builtInFormat, customFormat, type NumberFormat, unescapeText } from './workbook-value.ts';
import { type XmlHandler, xmlStream } from './xml.ts';
import { openZip, type ZipArchive } from './zip-archive.ts';

export interface Workbook {
  /** The part that holds each sheet, by the sheet's name, in order. */
  readonly sheets: ReadonlyMap<string, string>;
  readonly is1904: boolean;
  readonly texts: readonly string[];
  /** By cell style. */
  readonly formats: readonly NumberFormat[];
}

/** The shared texts are held in memory while a sheet streams by. */
const MAX_SHARED_BYTES = 256 * 1024 * 1024;
const MAIN_PART = 'xl/workbook.xml';

/**
 * The names of a workbook's sheets, in order; its texts are not read.
 * @throws AppError FILE_MALFORMED, FILE_TOO_LARGE
 */
export async function readSheetNames(file: SpooledFile): Promise<string[]> {
  const zip = await openZip(file);
  try {
    const { sheets } = await readMain(file, zip, await readLinks(file, zip));
    return [...sheets.keys()];
  } finally {
    zip.close();
  }
}

export async function readWorkbook(file: SpooledFile, zip: ZipArchive): Promise<Workbook> {
  const links = await readLinks(file, zip);
  const partOf = (type: string) => [...links.values()].find((link) => link.type.endsWith(`/${type}`))?.part ?? '';
  const main = await readMain(file, zip, links);
  const texts = await readTexts(file, zip, partOf('sharedStrings'));
  return { ...main, texts, formats: await readFormats(file, zip, partOf('styles')) };
}

async function readMain(
  file: SpooledFile,
  zip: ZipArchive,
  links: ReadonlyMap<string, Link>,
): Promise<Pick<Workbook, 'sheets' | 'is1904'>> {
  const sheets = new Map<string, string>();
  let is1904 = false;
  await parsePart(file, zip, MAIN_PART, {
    open: (name, attribute) => {
      if (name === 'workbookPr') is1904 = attribute('date1904') === '1' || attribute('date1904') === 'true';
      if (name !== 'sheet') return;
      const link = links.get(attribute('r:id') ?? '');
      if (link !== undefined) sheets.set(attribute('name') ?? '', link.part);
    },
  });
  return { sheets, is1904 };
}

/** Feeds one part of the archive to a handler; what is no XML is FILE_MALFORMED. */
export async function parsePart(file: SpooledFile, zip: ZipArchive, part: string, handler: XmlHandler): Promise<void> {
  for await (const _ of parsePieces(file, zip, part, handler));
}

/** As {@link parsePart}, stopping after each piece so that what the handler gathered can be passed on. */
export async function* parsePieces(
  file: SpooledFile,
  zip: ZipArchive,
  part: string,
  handler: XmlHandler,
): AsyncGenerator<void> {
  if (!zip.has(part)) return;
  const xml = xmlStream(handler);
  for await (const text of zip.text(part)) {
    guarded(file, part, () => xml.write(text));
    yield;
  }
  guarded(file, part, () => xml.end());
  yield;
}

function guarded(file: SpooledFile, part: string, step: () => void): void {
  try {
    step();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('FILE_MALFORMED', `${file.facts.path} is damaged in its part ${part}.`, {
      cause,
      hint: 'Open it in a spreadsheet program and save it again.',
    });
  }
}

interface Link {
  readonly type: string;
  readonly part: string;
}

async function readLinks(file: SpooledFile, zip: ZipArchive): Promise<Map<string, Link>> {
  if (!zip.has(MAIN_PART)) {
    throw new AppError('FILE_MALFORMED', `${file.facts.path} is an archive, but no workbook.`, {
      hint: 'Save it as .xlsx in a spreadsheet program.',
    });
  }
  const links = new Map<string, Link>();
  await parsePart(file, zip, 'xl/_rels/workbook.xml.rels', {
    open: (name, attribute) => {
      if (name !== 'Relationship') return;
      const target = attribute('Target') ?? '';
      const part = target.startsWith('/') ? target.slice(1) : `xl/${target}`;
      links.set(attribute('Id') ?? '', { type: attribute('Type') ?? '', part });
    },
  });
  return links;
}

async function readTexts(file: SpooledFile, zip: ZipArchive, part: string): Promise<readonly string[]> {
  if (zip.size(part) > MAX_SHARED_BYTES) {
    throw new AppError('FILE_TOO_LARGE', `${file.facts.path} holds more than 256 MB of texts.`, {
      hint: 'Save the sheet as CSV, which is read at any size.',
    });
  }
  const texts: string[] = [];
  let current = '';
  let isText = false;
  let isPhonetic = false;
  await parsePart(file, zip, part, {
    open: (name) => {
      if (name === 'si') current = '';
      if (name === 'rPh') isPhonetic = true;
      isText = name === 't' && !isPhonetic;
    },
    text: (text) => {
      if (isText) current += text;
    },
    close: (name) => {
      isText = false;
      if (name === 'rPh') isPhonetic = false;
      if (name === 'si') texts.push(unescapeText(current));
    },
  });
  return texts;
}

async function readFormats(file: SpooledFile, zip: ZipArchive, part: string): Promise<readonly NumberFormat[]> {
  const custom = new Map<number, NumberFormat>();
  const formats: NumberFormat[] = [];
  let isCellFormats = false;
  await parsePart(file, zip, part, {
    open: (name, attribute) => {
      if (name === 'numFmt') custom.set(Number(attribute('numFmtId')), customFormat(attribute('formatCode') ?? ''));
      if (name === 'cellXfs') isCellFormats = true;
      if (name !== 'xf' || !isCellFormats) return;
      const id = Number(attribute('numFmtId') ?? 0);
      formats.push(custom.get(id) ?? builtInFormat(id));
    },
    close: (name) => {
      if (name === 'cellXfs') isCellFormats = false;
    },
  });
  return formats;
}
