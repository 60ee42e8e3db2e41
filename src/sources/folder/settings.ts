/** What a source that is a folder may be set to. */
import { type Static, Type } from 'typebox';

export const folderSettings = Type.Object(
  {
    path: Type.String({
      title: 'Folder',
      description:
        'The folder on the hub’s machine, inside CAIRN_IMPORT_ROOTS, such as /srv/research or a name in the inbox.',
      minLength: 1,
      maxLength: 4000,
    }),
  },
  { additionalProperties: false },
);

export type FolderSettings = Static<typeof folderSettings>;
