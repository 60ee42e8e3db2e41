/** Which drive the settings mean. */
import { type Static, Type } from 'typebox';
import { ConnectorError } from '../connector.ts';
import { askJson, GRAPH, type OneDriveContext } from './graph.ts';
import { siteAddress } from './settings.ts';

const drive = Type.Object({
  id: Type.String(),
  name: Type.Optional(Type.String()),
  driveType: Type.Optional(Type.String()),
  owner: Type.Optional(
    Type.Object({
      user: Type.Optional(Type.Object({ displayName: Type.Optional(Type.String()) })),
      group: Type.Optional(Type.Object({ displayName: Type.Optional(Type.String()) })),
    }),
  ),
});
const drives = Type.Object({ value: Type.Array(drive) });

export interface Drive {
  readonly id: string;
  /** Whose it is, and what it is called where that is no OneDrive. */
  readonly label: string | undefined;
}

/** Asks for the drive: whether it may be read shows here. @throws ConnectorError */
export async function openDrive(context: OneDriveContext): Promise<Drive> {
  const found = await driveOf(context);
  const owner = found.owner?.user?.displayName ?? found.owner?.group?.displayName;
  const label = [owner, found.name].filter((part) => part !== undefined && part !== '').join(' · ');
  return { id: found.id, label: label === '' ? undefined : label };
}

async function driveOf(context: OneDriveContext): Promise<Static<typeof drive>> {
  const { place = 'me', driveId = '', library = '' } = context.settings;
  if (place === 'me') return askJson(context, `${GRAPH}/me/drive`, drive);
  if (place === 'drive') {
    if (driveId !== '') return askJson(context, `${GRAPH}/drives/${encodeURIComponent(driveId)}`, drive);
    throw new ConnectorError('config', 'The source is set to a drive by its id, and the id is empty');
  }
  const site = `${GRAPH}/sites/${siteAddress(context.settings)}`;
  if (library === '') return askJson(context, `${site}/drive`, drive);
  const { value } = await askJson(context, `${site}/drives`, drives);
  const named = value.find(({ name }) => name?.toLowerCase() === library.toLowerCase());
  if (named !== undefined) return named;
  throw new ConnectorError('config', `The site has no library "${library}"`, {
    hint: `It has: ${value.map(({ name }) => name).join(', ')}.`,
  });
}
