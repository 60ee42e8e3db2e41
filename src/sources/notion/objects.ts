/** Pages and data sources as Notion tells of them. */
import type {
  DataSourceObjectResponse,
  PageObjectResponse,
  RichTextItemResponse,
  SearchResponse,
} from '@notionhq/client';

export type Page = PageObjectResponse;
/** A table: what a database holds, one or several of them. */
export type Table = DataSourceObjectResponse;

export type Found = SearchResponse['results'][number];

/** Whether it is told in full: of what an app may only know to be there, the id alone is told. */
export function isFull(found: Found): found is Page | Table {
  return 'last_edited_time' in found;
}

export function isTable(found: Page | Table): found is Table {
  return found.object === 'data_source';
}

export function titleOf(object: Page | Table): string {
  return textOf(isTable(object) ? object.title : titleText(object)) || 'Untitled';
}

export function textOf(parts: readonly RichTextItemResponse[]): string {
  return parts
    .map((part) => part.plain_text)
    .join('')
    .trim();
}

function titleText(page: Page): readonly RichTextItemResponse[] {
  for (const property of Object.values(page.properties)) if (property.type === 'title') return property.title;
  return [];
}
