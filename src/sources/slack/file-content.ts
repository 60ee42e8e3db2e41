/** A file's bytes. Slack has no call for them: an address of its own opens with the token, or shows its page for browsers. */
import type { FilesInfoResponse } from '@slack/web-api';
import { ConnectorError, type Download } from '../connector.ts';
import { answerError } from '../kit/answer-error.ts';
import { reach } from '../kit/network-error.ts';
import { lengthOf, plainBytes } from '../kit/plain-bytes.ts';
import { restOf } from '../kit/rest-of.ts';
import { wholeBody } from '../kit/whole-body.ts';
import type { Slack } from './client.ts';
import { PROVIDER, wordError } from './errors.ts';
import { fileVersion } from './items.ts';

type SlackFile = NonNullable<FilesInfoResponse['file']>;

export async function downloadFile(
  id: string,
  version: string | undefined,
  offset: number,
  slack: Slack,
): Promise<Download> {
  const { file } = await slack.call((client) => client.files.info({ file: id }));
  if (file === undefined) throw wordError('file_not_found');
  if (file.mode === 'tombstone') throw wordError('file_deleted');
  const now = fileVersion(file);
  if (version !== undefined && now !== version) {
    throw new ConnectorError('conflict', 'The file has changed since it was listed');
  }
  const response = await ask(slack, addressOf(file), offset);
  await requireFile(response, file);
  const start = response.status === 206 ? offset : 0;
  const bytes = file.size === undefined ? lengthOf(response) : file.size - start;
  const body = wholeBody(response.body, { provider: PROVIDER, bytes, signal: slack.context.signal });
  return {
    body: offset > start ? restOf(body, offset - start) : body,
    mediaType: file.mimetype,
    size: file.size,
    version: now,
    name: file.name ?? undefined,
  };
}

/** The address with the bytes. The token goes with it, so that it must be Slack's own. */
function addressOf(file: SlackFile): string {
  const url = URL.parse(file.url_private_download ?? file.url_private ?? '');
  if (url?.protocol === 'https:' && /(^|\.)slack\.com$/.test(url.hostname)) return url.href;
  throw new ConnectorError('forbidden', 'The file does not lie at an address of Slack', {
    hint: 'It was shared from another place: connect that place itself.',
  });
}

async function ask(slack: Slack, url: string, offset: number): Promise<Response> {
  const { accessToken } = await slack.context.auth.get();
  const response = await reach(slack.context, PROVIDER, url, {
    redirect: 'manual',
    headers: {
      authorization: `Bearer ${accessToken}`,
      ...plainBytes(offset),
    },
  });
  if (response.ok) return response;
  await response.body?.cancel();
  // It leads to where people sign in.
  if (response.status >= 300 && response.status < 400) throw noRight();
  throw answerError(response, { provider: PROVIDER });
}

/** Without the right to it, a page for browsers comes with status 200: it must not be taken for the file. */
async function requireFile(response: Response, file: SlackFile): Promise<void> {
  const type = response.headers.get('content-type') ?? '';
  if (!/^text\/html\b/i.test(type) || /html/i.test(file.mimetype ?? '')) return;
  await response.body?.cancel();
  throw noRight();
}

function noRight(): ConnectorError {
  return new ConnectorError('forbidden', `${PROVIDER} sent its sign-in page in the file’s place`, {
    hint: 'Add the scope files:read to the Slack app, install it again, and connect this source anew.',
  });
}
