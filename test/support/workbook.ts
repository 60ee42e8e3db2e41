/** Small workbooks, written by hand so that a test can make what no program would write. */
import { crc32, deflateRawSync } from 'node:zlib';

/** A zip archive of the given parts; `sizes` may lie about what a part unpacks to. */
export function zipOf(parts: Readonly<Record<string, string>>, sizes: Readonly<Record<string, number>> = {}): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(parts)) {
    const data = Buffer.from(text);
    const packed = deflateRawSync(data);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(8, 4);
    facts.writeUInt32LE(crc32(data), 10);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(sizes[name] ?? data.length, 18);
    facts.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), facts, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), facts, tail, Buffer.from(name)]));
    bodies.push(local);
    offset += local.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, ...directory, end]);
}

export interface WorkbookParts {
  /** The XML of each sheet's rows, by the sheet's name. */
  readonly sheets: Readonly<Record<string, string>>;
  readonly texts?: readonly string[];
  /** The number format of each cell style, as a code; style 0 is the plain one. */
  readonly formats?: readonly string[];
  readonly is1904?: boolean;
}

export function workbookParts({
  sheets,
  texts = [],
  formats = [],
  is1904 = false,
}: WorkbookParts): Record<string, string> {
  const names = Object.keys(sheets);
  const link = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="http://schemas/${type}" Target="${target}"/>`;
  return {
    'xl/workbook.xml': `<?xml version="1.0"?><w:workbook xmlns:w="m" xmlns:r="r"><w:workbookPr date1904="${is1904 ? 1 : 0}"/><w:sheets>${names
      .map((name, index) => `<w:sheet name="${name}" sheetId="${index + 1}" r:id="s${index}"/>`)
      .join('')}</w:sheets></w:workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${names
      .map((_, index) => link(`s${index}`, 'worksheet', `worksheets/sheet${index + 1}.xml`))
      .join(
        '',
      )}${link('t', 'sharedStrings', '/xl/sharedStrings.xml')}${link('f', 'styles', 'styles.xml')}</Relationships>`,
    'xl/sharedStrings.xml': `<sst>${texts.join('')}</sst>`,
    'xl/styles.xml': `<styleSheet><numFmts>${formats
      .map((code, index) => `<numFmt numFmtId="${200 + index}" formatCode="${code}"/>`)
      .join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${formats
      .map((_, index) => `<xf numFmtId="${200 + index}"/>`)
      .join('')}<xf numFmtId="22"/></cellXfs></styleSheet>`,
    ...Object.fromEntries(
      names.map((name, index) => [
        `xl/worksheets/sheet${index + 1}.xml`,
        `<worksheet><sheetData>${sheets[name]}</sheetData></worksheet>`,
      ]),
    ),
  };
}

/** A row of inline texts from column A on. */
export function textRow(number: number, ...cells: readonly string[]): string {
  const xml = cells.map((cell) => `<c t="inlineStr"><is><t>${cell}</t></is></c>`).join('');
  return `<row r="${number}">${xml}</row>`;
}
