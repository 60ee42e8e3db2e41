/** What a source of Dropbox may be set to. */
import { type Static, Type } from 'typebox';

export const dropboxSettings = Type.Object(
  {
    folder: Type.Optional(
      Type.String({
        title: 'Folder',
        description: 'The folder to follow, such as Research/Queues; empty for everything.',
        default: '',
        maxLength: 1000,
      }),
    ),
    space: Type.Optional(
      Type.Union([Type.Literal('all'), Type.Literal('own')], {
        title: 'Space',
        description: 'Of an account in a team: all, with the team’s folders, or own, the member’s folder alone.',
        default: 'all',
      }),
    ),
    namespaceId: Type.Optional(
      Type.String({
        title: 'Namespace',
        description: 'The number of one shared or team folder to follow instead; empty for none.',
        default: '',
        pattern: '^[0-9]*$',
        maxLength: 30,
      }),
    ),
  },
  { additionalProperties: false },
);

export type DropboxSettings = Static<typeof dropboxSettings>;

/** The folder as Dropbox writes it: empty for the root, else with a slash at its start and none at its end. */
export function rootFolder(settings: DropboxSettings): string {
  const parts = (settings.folder ?? '').split('/').filter((part) => part !== '');
  return parts.map((part) => `/${part}`).join('');
}

/** How many folders deep the source's root lies. */
export function rootDepth(settings: DropboxSettings): number {
  return rootFolder(settings).split('/').length - 1;
}
