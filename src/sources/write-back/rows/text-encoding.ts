/** Text as the bytes of a file and back, in the encoding that the file has. */
import type { TextEncodingName } from '../../../ingest/read/encoding.ts';

export function decodeText(bytes: Uint8Array, encoding: TextEncodingName): string {
  return new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
}

/** Undefined where the encoding has no bytes for some of it. */
export function encodeText(text: string, encoding: TextEncodingName): Buffer | undefined {
  if (encoding === 'utf-8') return text.isWellFormed() ? Buffer.from(text, 'utf8') : undefined;
  if (encoding === 'utf-16le') return Buffer.from(text, 'utf16le');
  if (encoding === 'utf-16be') return Buffer.from(text, 'utf16le').swap16();
  const bytes = Array.from(text, (character) => BYTES_OF_1252.get(character));
  return bytes.every((byte) => byte !== undefined) ? Buffer.from(bytes) : undefined;
}

const BYTES_OF_1252 = new Map(
  Array.from({ length: 256 }, (_, byte) => [decodeText(Uint8Array.of(byte), 'windows-1252'), byte] as const),
);
