/** Which workspace it is, and where people open it. */
import { ConnectorError } from '../connector.ts';
import type { Slack } from './client.ts';
import { PROVIDER } from './errors.ts';

export interface Workspace {
  readonly teamId: string;
  readonly name: string | undefined;
  /** With a slash at its end. */
  readonly workspace: string;
}

/** @throws ConnectorError */
export async function whoAmI(slack: Slack): Promise<Workspace> {
  const told = await slack.call((client) => client.auth.test());
  const teamId = slack.context.settings.teamId || told.team_id;
  if (teamId === undefined) throw new ConnectorError('transient', `${PROVIDER} did not say which workspace it is`);
  return { teamId, name: told.team, workspace: told.url ?? 'https://app.slack.com/' };
}
