/** What Slack's answers mean. Most of its refusals come with status 200 and a word. */
import { ConnectorError, type ConnectorErrorKind } from '../connector.ts';
import { answerError } from '../kit/answer-error.ts';
import { asConnectorError } from '../kit/network-error.ts';

export const PROVIDER = 'Slack';

const KIND_BY_WORD: Readonly<Record<string, ConnectorErrorKind>> = {
  ratelimited: 'rate-limit',
  rate_limited: 'rate-limit',
  token_expired: 'auth-expired',
  invalid_auth: 'auth-revoked',
  not_authed: 'auth-revoked',
  token_revoked: 'auth-revoked',
  account_inactive: 'auth-revoked',
  org_login_required: 'auth-revoked',
  team_access_not_granted: 'auth-revoked',
  missing_scope: 'config',
  not_allowed_token_type: 'config',
  no_permission: 'forbidden',
  access_denied: 'forbidden',
  enterprise_is_restricted: 'forbidden',
  ekm_access_denied: 'forbidden',
  not_in_channel: 'forbidden',
  method_not_supported_for_channel_type: 'forbidden',
  is_archived: 'forbidden',
  channel_not_found: 'not-found',
  thread_not_found: 'not-found',
  message_not_found: 'not-found',
  file_not_found: 'not-found',
  file_deleted: 'not-found',
  user_not_found: 'not-found',
  invalid_cursor: 'cursor-expired',
  invalid_arguments: 'config',
  missing_argument: 'config',
};

const HINT_BY_WORD: Readonly<Record<string, string>> = {
  missing_scope: 'Add the scope to the Slack app, install it again, and connect this source anew.',
  not_in_channel: 'Invite the app into the channel, or let the source join public channels.',
  token_revoked: 'Connect this source again.',
  account_inactive: 'Connect this source again.',
  invalid_auth: 'Connect this source again.',
};

/** Any value that the SDK or the way to Slack threw, as what a connector throws. */
export function slackError(thrown: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (thrown instanceof ConnectorError) return thrown;
  if (!(thrown instanceof Error) || !('code' in thrown)) return asConnectorError(thrown, PROVIDER, signal);
  if (thrown.code === 'slack_webapi_rate_limited_error') return limited(thrown);
  if (thrown.code === 'slack_webapi_platform_error') return refused(thrown);
  if (thrown.code === 'slack_webapi_http_error') return answered(thrown);
  return asConnectorError(thrown, PROVIDER, signal);
}

/** The error of a word of Slack's. `detail`: what the answer says beside it, such as the scope that is missing. */
export function wordError(word: string, detail = ''): ConnectorError {
  // Not a word is a page of somebody else's, or an answer that broke off.
  if (!/^[a-z0-9_]+$/.test(word)) {
    return new ConnectorError('transient', `${PROVIDER} answered with something that is no JSON`);
  }
  const kind = KIND_BY_WORD[word] ?? 'transient';
  return new ConnectorError(kind, `${PROVIDER} answered ${word}${detail}`, { hint: HINT_BY_WORD[word] });
}

function limited(thrown: Error): ConnectorError {
  const seconds = Number('retryAfter' in thrown ? thrown.retryAfter : Number.NaN);
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : undefined;
  return new ConnectorError('rate-limit', `${PROVIDER} answered 429`, { status: 429, retryAfterMs, cause: thrown });
}

function refused(thrown: Error): ConnectorError {
  const data = member(thrown, 'data');
  const needed = member(data, 'needed');
  return wordError(String(member(data, 'error')), typeof needed === 'string' ? `: ${needed}` : '');
}

function answered(thrown: Error): ConnectorError {
  const told = member(thrown, 'headers');
  const headers = new Headers();
  for (const [name, value] of Object.entries(typeof told === 'object' && told !== null ? told : {})) {
    if (typeof value === 'string') headers.set(name, value);
  }
  return answerError({ status: Number(member(thrown, 'statusCode')), headers }, { provider: PROVIDER, cause: thrown });
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
