/** Whose Drive it is. */
import { ConnectorError } from '../../connector.ts';
import { ask, type DriveContext, PROVIDER } from './client.ts';

/** @throws ConnectorError */
export async function accountOf(context: DriveContext): Promise<{ accountId: string; displayName?: string }> {
  const { user } = await ask(context, (drive, options) =>
    drive.about.get({ fields: 'user(permissionId,displayName,emailAddress)' }, options),
  );
  const accountId = user?.permissionId ?? user?.emailAddress;
  if (!accountId) throw new ConnectorError('transient', `${PROVIDER} does not say whose it is`);
  const displayName = user?.emailAddress ?? user?.displayName;
  return displayName ? { accountId, displayName } : { accountId };
}
