/** What two providers do that is not OAuth, made so before the client sees it. */
import type { Provider } from './providers.ts';

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** A fetch for a provider's token address. */
export function shimmed({ shim }: Provider, fetch: Fetch): Fetch {
  if (shim === 'slack') return async (url, init) => asOauth(await fetch(url, init), slackAnswer);
  if (shim === 'notion') return async (url, init) => asOauth(await fetch(url, jsonBody(init)), notionAnswer);
  return fetch;
}

type Told = Readonly<Record<string, unknown>>;
interface Answer {
  readonly status: number;
  readonly body: Told;
}

async function asOauth(response: Response, change: (answer: Answer) => Answer): Promise<Response> {
  const text = await response.text();
  const body = readObject(text);
  // A limit, or a page of something in between: the client says what is wrong with it.
  if (body === undefined) return new Response(text, { status: response.status, headers: typeOf(response) });
  const changed = change({ status: response.status, body });
  return new Response(JSON.stringify(changed.body), {
    status: changed.status,
    headers: { ...typeOf(response), 'content-type': 'application/json' },
  });
}

const typeOf = ({ headers }: Response): Record<string, string> => ({
  'content-type': headers.get('content-type') ?? 'text/plain',
  ...(headers.has('retry-after') && { 'retry-after': headers.get('retry-after') ?? '' }),
});

/** Slack's words for a grant that is over. */
const GRANT_ENDED: readonly unknown[] = [
  'invalid_refresh_token',
  'token_revoked',
  'token_expired',
  'invalid_code',
  'code_already_used',
  'account_inactive',
  'invalid_auth',
];

/** Slack's faults come with status 200 and words of its own, its tokens are of type `bot`, a user's lie one level down. */
function slackAnswer({ status, body }: Answer): Answer {
  if (body['ok'] === false) {
    const error = GRANT_ENDED.includes(body['error']) ? 'invalid_grant' : body['error'];
    return { status: status === 200 ? 400 : status, body: { error, error_description: String(body['error']) } };
  }
  const user = body['authed_user'];
  const own = body['access_token'] === undefined && isTold(user) ? user : {};
  return { status, body: { ...withoutNulls({ ...body, ...own }), token_type: 'bearer' } };
}

/** Notion's grants have no refresh token, and say so with a null that the specification does not know. */
function notionAnswer({ status, body }: Answer): Answer {
  return { status, body: withoutNulls({ ...(status < 300 && { token_type: 'bearer' }), ...body }) };
}

const withoutNulls = (body: Told): Told =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));

/** A form as a JSON object. */
function jsonBody(init: RequestInit): RequestInit {
  const headers = new Headers(init.headers);
  headers.set('content-type', 'application/json');
  const { body } = init;
  const form = body instanceof URLSearchParams || typeof body === 'string' ? new URLSearchParams(body) : undefined;
  return { ...init, headers, ...(form && { body: JSON.stringify(Object.fromEntries(form)) }) };
}

function readObject(text: string): Told | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isTold(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isTold = (value: unknown): value is Told => typeof value === 'object' && value !== null && !Array.isArray(value);
