/** What a source of Google Drive may be set to. */
import { type Static, Type } from 'typebox';

export const driveSettings = Type.Object(
  {
    folder: Type.String({
      title: 'Folder',
      description:
        'The folder to follow, by its link or id, in My Drive or a shared drive; empty for all that is chosen below.',
      default: '',
      maxLength: 500,
    }),
    myDrive: Type.Boolean({ title: 'My Drive', description: 'Follow the account’s own drive.', default: true }),
    sharedDrives: Type.Array(Type.String({ maxLength: 200 }), {
      title: 'Shared drives',
      description: 'The ids of shared drives to follow, found below “Shared drives”; one * for all of them.',
      default: [],
      maxItems: 500,
    }),
    sharedWithMe: Type.Boolean({
      title: 'Shared with me',
      description: 'Follow what others share with the account, found below “Shared with me”.',
      default: false,
    }),
    acknowledgeAbuse: Type.Boolean({
      title: 'Fetch flagged files',
      description: 'Fetch files too that Google takes for malware or spam; it lets only their owner do so.',
      default: false,
    }),
  },
  { additionalProperties: false },
);

export type DriveSettings = Partial<Static<typeof driveSettings>>;

/** The id in a folder's link (…/folders/ID, …?id=ID), or the id itself; empty for none. */
export function folderId(settings: DriveSettings): string {
  const text = (settings.folder ?? '').trim();
  const inLink = /\/folders\/([\w-]+)/.exec(text) ?? /[?&]id=([\w-]+)/.exec(text);
  return inLink?.[1] ?? text;
}

/** What of the settings decides which items there are: a cursor made for another scope is of no use. */
export function scopeOf(settings: DriveSettings): string {
  const folder = folderId(settings);
  if (folder !== '') return `folder ${folder}`;
  const { myDrive = true, sharedDrives = [], sharedWithMe = false } = settings;
  return JSON.stringify([myDrive, [...sharedDrives].sort(), sharedWithMe]);
}
