/** What a source of OneDrive or SharePoint may be set to: whose drive, and which folder of it. */
import { type Static, Type } from 'typebox';
import { ConnectorError } from '../connector.ts';

export const oneDriveSettings = Type.Object(
  {
    place: Type.Union([Type.Literal('me'), Type.Literal('drive'), Type.Literal('site')], {
      title: 'Place',
      description:
        'me: the OneDrive, personal or of work, of whoever connects; drive: one drive by its id; site: a library of a SharePoint site.',
      default: 'me',
    }),
    driveId: Type.String({
      title: 'Drive id',
      description:
        'For the place drive: its id, such as b!-RIj2DuyvEyV1T4NlOaMHk8XkS_I8MdFlUCq1BlcjgmhRfAj3-Z8RY2VpuvV_tpd.',
      default: '',
      maxLength: 200,
    }),
    site: Type.String({
      title: 'Site',
      description:
        'For the place site: its address, such as https://example.sharepoint.com/sites/research. An administrator has to have granted the app Sites.Read.All.',
      default: '',
      maxLength: 400,
    }),
    library: Type.String({
      title: 'Library',
      description: 'For the place site: the document library by name; empty for the site’s own.',
      default: '',
      maxLength: 256,
    }),
    folder: Type.String({
      title: 'Folder',
      description: 'The folder to follow, such as Research/Queues; empty for the whole drive.',
      default: '',
      maxLength: 400,
    }),
  },
  { additionalProperties: false },
);

export type OneDriveSettings = Partial<Static<typeof oneDriveSettings>>;

/** The folder's path: empty for the root, no slash at its start or end. */
export function rootFolder(settings: OneDriveSettings): string {
  return (settings.folder ?? '')
    .split('/')
    .filter((part) => part !== '')
    .join('/');
}

/**
 * A site as Graph addresses it: `example.sharepoint.com:/sites/research:`, or the host alone of a root site.
 * @throws ConnectorError config
 */
export function siteAddress(settings: OneDriveSettings): string {
  const site = (settings.site ?? '').trim();
  const url = URL.parse(site.includes('://') ? site : `https://${site}`);
  if (url === null || site === '') {
    throw new ConnectorError('config', `"${site}" is no address of a site`, {
      hint: 'Copy it from the browser, such as https://example.sharepoint.com/sites/research.',
    });
  }
  const path = url.pathname.replace(/\/+$/, '');
  return path === '' ? url.host : `${url.host}:${path}:`;
}
