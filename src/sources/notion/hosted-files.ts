/** Files that Notion itself holds. Their addresses open for an hour to whoever has them: they are asked for anew, and never kept. */
import type { BlockObjectResponse } from '@notionhq/client';
import { type Page, textOf } from './objects.ts';

export interface HostedFile {
  /** The block's id, or the page's with the property's and the file's place in it. */
  readonly id: string;
  readonly name: string;
  /** The address without its signature: another file has another one. */
  readonly version: string;
  readonly editedAt: string;
  readonly url: string;
}

/** The file that a block holds; undefined of other blocks, and of files that lie elsewhere. */
export function blockFile(block: BlockObjectResponse): HostedFile | undefined {
  const media = mediaOf(block);
  if (media?.type !== 'file') return undefined;
  const { url } = media.file;
  const named = 'name' in media && typeof media.name === 'string' ? media.name : textOf(media.caption);
  const name = named === '' ? lastPart(url) : named;
  return { id: block.id, name, version: pathname(url), editedAt: block.last_edited_time, url };
}

/** The files in a page's properties. */
export function propertyFiles(page: Page): HostedFile[] {
  return Object.values(page.properties).flatMap((property) =>
    property.type !== 'files'
      ? []
      : property.files.flatMap((file, place) => {
          if (!('file' in file)) return [];
          const { url } = file.file;
          const id = `${page.id}/${property.id}/${place}`;
          const name = file.name === '' ? lastPart(url) : file.name;
          return [{ id, name, version: pathname(url), editedAt: page.last_edited_time, url }];
        }),
  );
}

/** Text that holds addresses of files, without their signatures: those are new in every answer, and open the file. */
export function withoutSignatures(text: string): string {
  return text.replace(/(https:\/\/[^\s()<>"'?]+)\?[^\s()<>"']*X-Amz-[^\s()<>"']*/gi, '$1');
}

function mediaOf(block: BlockObjectResponse) {
  switch (block.type) {
    case 'file':
      return block.file;
    case 'pdf':
      return block.pdf;
    case 'image':
      return block.image;
    case 'video':
      return block.video;
    case 'audio':
      return block.audio;
    default:
      return undefined;
  }
}

function pathname(url: string): string {
  return URL.parse(url)?.pathname ?? url;
}

function lastPart(url: string): string {
  const part = pathname(url).split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(part);
  } catch {
    // Not escaped as it should be: shown as it is.
    return part;
  }
}
