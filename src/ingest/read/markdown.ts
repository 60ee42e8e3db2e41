/** Markdown: one record per file, its front matter, its body, and the JSON that the body may be. */
import { AppError } from '../../kernel/errors.ts';
import { emptyObject, isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.ts';
import { textFault } from '../../kernel/text-fault.ts';
import type { RawRecord } from '../dataset.ts';
import { MAX_DEPTH, parseJson } from './json-parse.ts';
import type { Reader, ReadOptions } from './reader.ts';
import type { SpooledFile } from './source.ts';
import { readWindows } from './text.ts';

/** What a Markdown record's `value` is. */
export interface MarkdownValue extends JsonObject {
  readonly front_matter: JsonObject | null;
  /** The body, with LF line ends. */
  readonly text: string;
  /** The body read as JSON, where the whole of it is JSON, in a code fence or not. */
  readonly json: JsonValue;
}

/** Enough for any honest document; an alias bomb needs many more. */
const MAX_ALIASES = 10;
const FRONT_MATTER = /^---[ \t]*\n([\s\S]*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|$)/;
const FENCED = /^(`{3,}|~{3,})[ \t]*(?:json[c5]?)?[ \t]*\n([\s\S]*?)\n\1\s*$/i;

export const markdownReader: Reader = { format: 'markdown', isText: true, read: readMarkdown };

async function* readMarkdown(file: SpooledFile, options: ReadOptions): AsyncGenerator<readonly RawRecord[]> {
  for await (const window of readWindows(file, options.encoding, options.onBytes)) {
    if (!window.isLast) {
      window.keepFrom(0);
      continue;
    }
    if (window.text.trim() === '') throw new AppError('FILE_EMPTY', `${file.facts.path} holds only blank lines.`);
    const raw = { offset: 0, length: file.size };
    const parsed = await parseMarkdown(window.text);
    yield [
      'fault' in parsed ? { line: 1, value: null, raw, fault: parsed.fault } : { line: 1, value: parsed.value, raw },
    ];
  }
}

/** A Markdown text as its parts, or why it cannot be read. Front matter is data: nothing of it is ever evaluated. */
export async function parseMarkdown(
  source: string,
): Promise<{ readonly value: MarkdownValue } | { readonly fault: string }> {
  const text = source.replace(/\r\n?/g, '\n');
  const unstorable = textFault(text);
  if (unstorable !== undefined) return { fault: unstorable };
  const match = FRONT_MATTER.exec(text);
  const front = match === null ? { value: null } : await readFrontMatter(match[1] ?? '');
  if ('fault' in front) return front;
  // Two rules with text between them are no front matter, nor is anything but names and values.
  const body = match === null || front.value === null ? text : text.slice(match[0].length);
  return { value: { front_matter: front.value, text: body, json: wholeJson(body) } };
}

async function readFrontMatter(
  source: string,
): Promise<{ readonly value: JsonObject | null } | { readonly fault: string }> {
  if (nestingOf(source) > MAX_DEPTH) return { fault: `The front matter is nested deeper than ${MAX_DEPTH} levels.` };
  // Most folders hold no front matter: no start waits for the parser's seventy modules.
  const { parseDocument } = await import('yaml');
  try {
    const document = parseDocument(source, {
      schema: 'core',
      uniqueKeys: true,
      prettyErrors: false,
      intAsBigInt: true,
    });
    const problem = document.errors[0] ?? document.warnings[0];
    if (problem !== undefined) return { fault: `The front matter cannot be read: ${problem.message}` };
    const value = plainJson(document.toJS({ maxAliasCount: MAX_ALIASES, mapAsMap: true }));
    return { value: isJsonObject(value) ? value : null };
  } catch (cause) {
    return { fault: `The front matter cannot be read: ${cause instanceof Error ? cause.message : String(cause)}` };
  }
}

/** Brackets open at once: the YAML parser recurses into each. */
function nestingOf(source: string): number {
  let open = 0;
  let most = 0;
  for (let at = 0; at < source.length; at += 1) {
    const code = source.charCodeAt(at);
    if (code === 0x5b || code === 0x7b) open += 1;
    else if ((code === 0x5d || code === 0x7d) && open > 0) open -= 1;
    if (open > most) most = open;
  }
  return most;
}

/** What YAML gave as JSON: maps as objects without a prototype, whole numbers that a double cannot hold as text. */
function plainJson(value: unknown): JsonValue {
  if (value instanceof Map) {
    const object = emptyObject();
    for (const [key, inner] of value) object[String(key)] = plainJson(inner);
    return object;
  }
  if (Array.isArray(value)) return value.map(plainJson);
  if (typeof value === 'bigint') {
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value.toString();
  }
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  return typeof value === 'string' || typeof value === 'boolean' ? value : null;
}

function wholeJson(body: string): JsonValue {
  const trimmed = body.trim();
  const fenced = FENCED.exec(trimmed)?.[2]?.trim() ?? trimmed;
  if (!fenced.startsWith('{') && !fenced.startsWith('[')) return null;
  const parsed = parseJson(fenced);
  return parsed.is === 'value' ? parsed.value : null;
}
