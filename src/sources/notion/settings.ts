/** What a source of Notion may be set to. */
import { type Static, Type } from 'typebox';
import { ConnectorError } from '../connector.ts';

export const notionSettings = Type.Object(
  {
    roots: Type.Array(Type.String({ minLength: 1, maxLength: 400 }), {
      title: 'Roots',
      description:
        'Pages by id or address that are followed down to their last sub-page, though Notion’s search may leave them out.',
      default: [],
      maxItems: 200,
    }),
    tables: Type.Union([Type.Literal('csv'), Type.Literal('json'), Type.Literal('none')], {
      title: 'Tables',
      description:
        'As what each database is an item as a whole, so that a dataset can claim it; its rows are pages too.',
      default: 'csv',
    }),
    files: Type.Boolean({
      title: 'Files',
      description: 'Whether files that lie in pages are items too.',
      default: true,
    }),
  },
  { additionalProperties: false },
);

export type NotionSettings = Static<typeof notionSettings>;

/** The ids of the roots. @throws ConnectorError config */
export function rootIds(settings: NotionSettings): string[] {
  return settings.roots.map((root) => {
    const last = root.split('?')[0]?.replaceAll('-', '') ?? '';
    const found = /([0-9a-f]{32})\/?$/i.exec(last)?.[1]?.toLowerCase();
    if (found !== undefined) return found.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    throw new ConnectorError('config', `"${root}" is no page of Notion`, {
      hint: 'Copy the link to the page: its last 32 characters are the id.',
    });
  });
}
