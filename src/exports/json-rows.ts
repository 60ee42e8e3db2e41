/**
 * Rows as JSON text, made from what COPY writes as text: byte for byte what the database's own `row_to_json` makes of them. That
 * takes the server more than twice the time of the plain text, and the server is what an export waits for.
 */
import type { JsonColumn, JsonForm } from './json-columns.ts';

/** How a file of rows is put together: one object per line, or one list. */
export type JsonShape = 'lines' | 'list';

const [TAB, LINE_FEED, SPACE, QUOTE, PLUS, MINUS, BACKSLASH] = [0x09, 0x0a, 0x20, 0x22, 0x2b, 0x2d, 0x5c];
const [BIG_I, BIG_N, BIG_T, SMALL_T, SMALL_V] = [0x49, 0x4e, 0x54, 0x74, 0x76];
const OUT_BYTES = 256 * 1024;
/** What one byte may become, and what may stand around it. */
const RESERVE = 32;

/** Where in a cell the next byte stands. */
const [BEFORE, DOUBTED, SIGNED, WITHIN, ESCAPED, NOTHING] = [0, 1, 2, 3, 4, 5];
/** What has come of a moment: its day, its time, the zone. */
const [DAY, TIME, ZONE] = [0, 1, 2];

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const NULL = bytesOf('null');
const TRUE = bytesOf('true');
const FALSE = bytesOf('false');
const UTC = bytesOf('+00:00');
const LIST_END = Buffer.from('\n]\n');
const NO_ROWS = Buffer.from('[]\n');

/** 1 for each byte that stands in a cell of the form as it is. */
function plainBytes(form: JsonForm): Uint8Array {
  const plain = new Uint8Array(256).fill(form === 'boolean' ? 0 : 1);
  for (const byte of [TAB, LINE_FEED, BACKSLASH]) plain[byte] = 0;
  if (form === 'text') plain.fill(0, 0, SPACE)[QUOTE] = 0;
  if (form === 'moment') for (const byte of [SPACE, PLUS]) plain[byte] = 0;
  return plain;
}

const PLAIN: Readonly<Record<JsonForm, Uint8Array>> = {
  text: plainBytes('text'),
  moment: plainBytes('moment'),
  number: plainBytes('number'),
  float: plainBytes('float'),
  boolean: plainBytes('boolean'),
  json: plainBytes('json'),
};

interface Cell {
  readonly form: JsonForm;
  readonly plain: Uint8Array;
  /** What stands before its value: the name, and what separates it. */
  readonly opener: Uint8Array;
  readonly isQuoted: boolean;
}

/**
 * The rows in pieces, each its reader's until the next is asked for. `lines` are what COPY writes of the columns as text, in
 * pieces that end anywhere.
 */
export async function* jsonRows(
  lines: AsyncIterable<Uint8Array>,
  columns: readonly JsonColumn[],
  shape: JsonShape,
): AsyncGenerator<Buffer, void> {
  const machine = jsonMachine(columns, shape);
  for await (const chunk of lines) {
    for (let at = 0; at < chunk.length; ) {
      const done = machine(chunk, at);
      at = done.at;
      yield done.out;
    }
  }
  if (shape === 'list') yield machine.hasRows() ? LIST_END : NO_ROWS;
}

interface Machine {
  (chunk: Uint8Array, from: number): { readonly at: number; readonly out: Buffer };
  readonly hasRows: () => boolean;
}

function jsonMachine(columns: readonly JsonColumn[], shape: JsonShape): Machine {
  const cells = columns.map(
    ({ name, form }, index): Cell => ({
      form,
      plain: PLAIN[form],
      opener: bytesOf(`${index === 0 ? '{' : ','}${JSON.stringify(name)}:`),
      isQuoted: form === 'text' || form === 'moment',
    }),
  );
  const [firstRow, laterRow] = shape === 'list' ? [bytesOf('[\n'), bytesOf(',\n')] : [bytesOf(''), bytesOf('')];
  const rowEnd = bytesOf(shape === 'list' ? '}' : '}\n');
  const room = RESERVE + Math.max(...cells.map(({ opener }) => opener.length));
  const out = Buffer.allocUnsafeSlow(OUT_BYTES + room);
  let hasRows = false;
  let [index, step, mark, isOpen] = [0, BEFORE, DAY, false];

  const machine = (chunk: Uint8Array, from: number): { at: number; out: Buffer } => {
    let [at, size] = [from, 0];
    const add = (bytes: Uint8Array): void => {
      for (let each = 0; each < bytes.length; each += 1) out[size + each] = bytes[each] ?? 0;
      size += bytes.length;
    };
    const open = (isQuoted: boolean): void => {
      isOpen = isQuoted;
      if (isQuoted) out[size++] = QUOTE;
      step = WITHIN;
    };
    /** What ends a cell, or a row with it. */
    const end = (byte: number): void => {
      if (isOpen) out[size++] = QUOTE;
      isOpen = false;
      step = BEFORE;
      index += 1;
      if (byte !== LINE_FEED) return;
      add(rowEnd);
      index = 0;
    };
    const momentByte = (byte: number): void => {
      if (byte === PLUS) {
        mark = ZONE;
        add(UTC);
        return;
      }
      out[size++] = mark === DAY ? BIG_T : SPACE;
      mark = TIME;
    };
    const otherByte = (form: JsonForm, byte: number): void => {
      if (byte === TAB || byte === LINE_FEED) end(byte);
      else if (byte === BACKSLASH) step = ESCAPED;
      else if (form === 'boolean') add(byte === SMALL_T ? TRUE : FALSE);
      else if (form === 'moment') momentByte(byte);
      else if (byte === QUOTE) {
        out[size++] = BACKSLASH;
        out[size++] = QUOTE;
      } else add(unicode(byte));
    };
    const escaped = (form: JsonForm, byte: number): void => {
      step = WITHIN;
      if (form !== 'text') {
        // Within JSON nothing but a backslash is escaped, and space between its parts.
        out[size++] = byte === BACKSLASH ? byte : SPACE;
      } else if (byte === SMALL_V) add(unicode(0x0b));
      else {
        out[size++] = BACKSLASH;
        out[size++] = byte;
      }
    };
    while (at < chunk.length && size < OUT_BYTES) {
      const { form, plain, opener, isQuoted } = cells[index] ?? NO_CELL;
      if (step === WITHIN) {
        const most = Math.min(chunk.length, at + OUT_BYTES - size);
        let byte = 0;
        if (mark === ZONE && form === 'moment') {
          byte = chunk[at++] ?? 0;
          if (plain[byte] === 0) otherByte(form, byte);
          continue;
        }
        let isPlain = true;
        while (at < most) {
          byte = chunk[at++] ?? 0;
          if (plain[byte] === 0) {
            isPlain = false;
            break;
          }
          out[size++] = byte;
        }
        if (!isPlain) otherByte(form, byte);
        continue;
      }
      const byte = chunk[at] ?? 0;
      if (step === BEFORE) {
        if (index === 0) {
          add(hasRows ? laterRow : firstRow);
          hasRows = true;
        }
        add(opener);
        mark = DAY;
        if (byte === BACKSLASH) {
          step = DOUBTED;
          at += 1;
        } else if (form === 'float' && byte === MINUS) {
          step = SIGNED;
          at += 1;
        } else open(isQuoted || (form === 'float' && (byte === BIG_I || byte === BIG_N)));
        continue;
      }
      at += 1;
      if (step === SIGNED) {
        at -= 1;
        open(byte === BIG_I);
        out[size++] = MINUS;
      } else if (step === DOUBTED && byte === BIG_N) {
        add(NULL);
        step = NOTHING;
      } else if (step === NOTHING) end(byte);
      else {
        if (step === DOUBTED) open(isQuoted);
        escaped(form, byte);
      }
    }
    return { at, out: out.subarray(0, size) };
  };
  return Object.assign(machine, { hasRows: () => hasRows });
}

const NO_CELL: Cell = { form: 'json', plain: PLAIN.json, opener: bytesOf(''), isQuoted: false };

/** A character that JSON has no shorter escape for. */
const unicode = (byte: number): Uint8Array => bytesOf(`\\u${byte.toString(16).padStart(4, '0')}`);
