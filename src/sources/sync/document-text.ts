/** The text of an item that no dataset claims, by what it is; where there is none to read, why. */
import { readFile } from 'node:fs/promises';
import { encodingDetector, markLength, type TextEncodingName } from '../../ingest/read/encoding.ts';
import { parseMarkdown } from '../../ingest/read/markdown.ts';
import { AppError } from '../../kernel/errors.ts';
import { contentKind } from './formats.ts';
import { type DocumentText, kept } from './kept-text.ts';

export interface DocumentFile {
  /** Absolute. */
  readonly file: string;
  /** By which it is read. */
  readonly name: string;
  readonly mediaType: string | null;
  readonly size: number;
}

/** Bytes; longer texts are no documents that somebody reads. */
export const MOST_TEXT = 16 * 1024 * 1024;
/** Markup is parsed as a whole. */
const MOST_MARKUP = 4 * 1024 * 1024;

export const noText = (fault: string): DocumentText => ({ text: null, fault, frontMatter: {} });

export const BINARY = 'No text is taken from files of this kind.';
export const TOO_LARGE = `It is larger than ${MOST_TEXT / 1024 / 1024} MB.`;

/** Never throws for what the content is: a fault is part of the answer. */
export async function documentText({ file, name, mediaType, size }: DocumentFile): Promise<DocumentText> {
  const kind = contentKind(name, mediaType);
  if (kind === 'binary') return noText(BINARY);
  if (size > MOST_TEXT) return noText(TOO_LARGE);
  const bytes = await readFile(file);
  if (kind === 'mail') return (await import('./mail-text.ts')).mailText(bytes);
  const decoded = decode(bytes);
  if (typeof decoded !== 'string') return decoded;
  if (kind === 'html') {
    if (bytes.length > MOST_MARKUP)
      return kept({ text: decoded, fault: 'It is too large to be read as a page: its markup is kept.' });
    const { htmlText } = await import('./html-text.ts');
    return kept({ fault: null, ...htmlText(decoded) });
  }
  return kind === 'markdown' ? await markdownText(decoded) : kept({ text: decoded, fault: null });
}

function decode(bytes: Buffer): string | DocumentText {
  try {
    const detector = encodingDetector();
    detector.push(bytes);
    const encoding: TextEncodingName = detector.result();
    return new TextDecoder(encoding).decode(bytes.subarray(markLength(bytes, encoding)));
  } catch (thrown) {
    if (thrown instanceof AppError) return noText('It is no text, or in an encoding that cannot be told.');
    throw thrown;
  }
}

async function markdownText(source: string): Promise<DocumentText> {
  const parsed = await parseMarkdown(source);
  if ('fault' in parsed) return kept({ text: source, fault: parsed.fault });
  const { front_matter: front, text } = parsed.value;
  const heading = /^#\s+(.+?)\s*#*$/m.exec(text.slice(0, 20_000))?.[1];
  return kept({
    text,
    fault: null,
    title: textOf(front?.['title']) ?? heading,
    author: textOf(front?.['author']),
    frontMatter: front ?? {},
  });
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
