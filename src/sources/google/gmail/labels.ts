/** Labels: the mailbox has ids for them, people have names. */
import { ConnectorError, type TokenSource } from '../../connector.ts';
import { ask, type GmailContext } from './client.ts';

/** Names by id. */
export type Labels = ReadonlyMap<string, string>;

/** Labels that come and go while a mail lies there, and say nothing of what it is. */
const PASSING = /^(?:UNREAD|STARRED|IMPORTANT|INBOX|CATEGORY_\w+|\w+_STAR|\w+_CIRCLE)$/;

/** Asked once for each run, since every mail names its labels. */
const labelsOfRuns = new WeakMap<TokenSource, Promise<Labels>>();

export async function labelsOf(context: GmailContext): Promise<Labels> {
  const known = labelsOfRuns.get(context.auth) ?? readLabels(context);
  labelsOfRuns.set(context.auth, known);
  try {
    return await known;
  } catch (thrown) {
    labelsOfRuns.delete(context.auth);
    throw thrown;
  }
}

/** The ids of the labels that the settings choose. @throws ConnectorError config where there is no such label */
export async function followedLabels(context: GmailContext): Promise<string[]> {
  const { labels: chosen = [] } = context.settings;
  if (chosen.length === 0) return [];
  // A new label may be younger than what is remembered.
  labelsOfRuns.delete(context.auth);
  const labels = await labelsOf(context);
  return chosen.map((name) => {
    const wanted = name.trim().toLowerCase();
    const found = [...labels].find(([id, own]) => own.toLowerCase() === wanted || id === name.trim());
    if (found !== undefined) return found[0];
    throw new ConnectorError('config', `There is no label “${name}” in this mailbox`, {
      hint: 'Choose one of its labels by the name that Gmail shows, such as Projects/2026.',
    });
  });
}

/** Those that are kept with a mail: what people sorted it under, and what it is. */
export function lastingLabels(ids: readonly string[] | null | undefined): string[] {
  return (ids ?? []).filter((id) => !PASSING.test(id)).sort();
}

async function readLabels(context: GmailContext): Promise<Labels> {
  const { labels = [] } = await ask(context, (users, options) => users.labels.list({ userId: 'me' }, options));
  return new Map(labels.flatMap(({ id, name }) => (id ? [[id, name ?? id] as const] : [])));
}
