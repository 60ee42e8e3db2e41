/** What kind of content a name and a media type promise. */
import { posix } from 'node:path';

export type ContentKind = 'markdown' | 'html' | 'mail' | 'text' | 'binary' | 'unknown';

/** Lower case, with its dot. */
export const extensionOf = (name: string): string => posix.extname(name).toLowerCase();

const BY_EXTENSION: ReadonlyMap<string, ContentKind> = new Map([
  ...kinds('markdown', '.md .markdown .mdx'),
  ...kinds('html', '.html .htm .xhtml'),
  ...kinds('mail', '.eml'),
  ...kinds(
    'text',
    '.txt .json .jsonl .ndjson .csv .tsv .yaml .yml .xml .log .rst .org .tex .srt .vtt .ini .toml .sql .ts .js .py .r .sh',
  ),
  ...kinds(
    'binary',
    `.png .jpg .jpeg .gif .webp .heic .tif .tiff .bmp .ico .psd .ai .mp3 .m4a .wav .flac .ogg .aac .mp4 .mov .mkv .avi .webm .zip .gz
     .bz2 .xz .zst .7z .rar .tar .pdf .doc .docx .xls .xlsx .ppt .pptx .odt .ods .odp .key .pages .numbers .parquet .duckdb .sqlite
     .sqlite3 .db .exe .dll .so .dylib .bin .iso .dmg .woff .woff2 .ttf .otf .pyc .class .jar .wasm .npy .npz .pkl .h5`,
  ),
]);

function kinds(kind: ContentKind, extensions: string): [string, ContentKind][] {
  return extensions.split(/\s+/).map((extension) => [extension, kind]);
}

const BINARY_TYPES =
  /^(?:image|audio|video|font)\/|^application\/(?:pdf|zip|gzip|x-7z|x-rar|vnd\.openxml|vnd\.ms-|msword)/;

/** The name's extension says it; where it has none that is known, the media type. */
export function contentKind(name: string, mediaType: string | null | undefined): ContentKind {
  const known = BY_EXTENSION.get(extensionOf(name));
  if (known !== undefined) return known;
  const type = mediaType?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'message/rfc822') return 'mail';
  if (type === 'text/html') return 'html';
  if (type === 'text/markdown') return 'markdown';
  if (BINARY_TYPES.test(type) && type !== 'image/svg+xml') return 'binary';
  return type.startsWith('text/') || type === 'application/json' ? 'text' : 'unknown';
}
