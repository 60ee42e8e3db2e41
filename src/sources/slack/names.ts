/** Who is behind the ids of messages. */
import { ConnectorError, type TokenSource } from '../connector.ts';
import type { Slack } from './client.ts';
import type { Message } from './messages.ts';

/** Kept for a run: most messages are by the same few people, and every name costs a request. */
const namesOfRuns = new WeakMap<TokenSource, Map<string, Promise<string>>>();

const MENTIONED = /<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/g;

/** The names of everybody who wrote one of the messages or is mentioned in it, by id. @throws ConnectorError */
export async function namesIn(slack: Slack, messages: readonly Message[]): Promise<ReadonlyMap<string, string>> {
  const ids = new Set<string>();
  for (const { user, text } of messages) {
    if (user !== undefined) ids.add(user);
    for (const [, id] of (text ?? '').matchAll(MENTIONED)) if (id !== undefined) ids.add(id);
  }
  const names = new Map<string, string>();
  // One after the other: a limit that is met stops the rest.
  for (const id of ids) names.set(id, await nameOf(slack, id));
  return names;
}

async function nameOf(slack: Slack, id: string): Promise<string> {
  const known = namesOfRuns.get(slack.context.auth) ?? new Map<string, Promise<string>>();
  namesOfRuns.set(slack.context.auth, known);
  const asked = known.get(id) ?? askName(slack, id);
  known.set(id, asked);
  try {
    return await asked;
  } catch (thrown) {
    known.delete(id);
    throw thrown;
  }
}

/** The id itself where the app may not know, or nobody is behind it any more: the text is worth having all the same. */
async function askName(slack: Slack, id: string): Promise<string> {
  try {
    const { user } = await slack.call((client) => client.users.info({ user: id }));
    const names = [user?.profile?.display_name, user?.profile?.real_name, user?.real_name, user?.name];
    return names.find((name) => name !== undefined && name !== '') ?? id;
  } catch (thrown) {
    const isUnknown = thrown instanceof ConnectorError && ['not-found', 'config', 'forbidden'].includes(thrown.kind);
    if (isUnknown) return id;
    throw thrown;
  }
}
