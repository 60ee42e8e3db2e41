/** Which workspace it is. */
import type { Notion } from './client.ts';

/** @throws ConnectorError */
export async function whoAmI(
  notion: Notion,
): Promise<{ readonly workspaceId: string; readonly name: string | undefined }> {
  const me = await notion.call((client) => client.users.me({}));
  const bot = 'bot' in me && 'workspace_id' in me.bot ? me.bot : undefined;
  const name = bot?.workspace_name ?? ('name' in me ? me.name : null);
  return { workspaceId: typeof bot?.workspace_id === 'string' ? bot.workspace_id : me.id, name: name ?? undefined };
}
