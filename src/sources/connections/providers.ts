/** The providers that sources sign in at, as data: a new one is a line here and its settings. */
import type { OauthProvider } from '../../kernel/source-settings.ts';

export interface Provider {
  readonly id: OauthProvider;
  readonly title: string;
  /** As its answers name themselves, where they do. */
  readonly issuer: string;
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  /** How a grant is ended; undefined where only its user can, on the provider's own pages. */
  readonly revoke?: { readonly url: string; readonly how: 'bearer' | 'form' | 'basic-json' };
  /** Beside what OAuth asks for; without some of these there is no refresh token. */
  readonly authorizeParameters?: Readonly<Record<string, string>>;
  readonly clientAuth: 'basic' | 'post';
  /** What scopes are joined by; undefined where the provider knows none. */
  readonly scopeSeparator: ' ' | ',' | undefined;
  /** Scopes beside the connector's. */
  readonly scopes?: readonly string[];
  /** In what its answers are not those of OAuth. */
  readonly shim?: 'slack' | 'notion';
}

/** `TENANT` in an address is the setting's, or the provider's word for everybody. */
export const PROVIDERS: Readonly<Record<OauthProvider, Provider>> = {
  dropbox: {
    id: 'dropbox',
    title: 'Dropbox',
    issuer: 'https://www.dropbox.com',
    authorizeUrl: 'https://www.dropbox.com/oauth2/authorize',
    tokenUrl: 'https://api.dropboxapi.com/oauth2/token',
    revoke: { url: 'https://api.dropboxapi.com/2/auth/token/revoke', how: 'bearer' },
    authorizeParameters: { token_access_type: 'offline' },
    clientAuth: 'post',
    scopeSeparator: ' ',
  },
  google: {
    id: 'google',
    title: 'Google',
    issuer: 'https://accounts.google.com',
    authorizeUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
    tokenUrl: 'https://oauth2.googleapis.com/token',
    revoke: { url: 'https://oauth2.googleapis.com/revoke', how: 'form' },
    // A refresh token comes with consent alone, and only where it is asked for.
    authorizeParameters: { access_type: 'offline', prompt: 'consent' },
    clientAuth: 'post',
    scopeSeparator: ' ',
  },
  microsoft: {
    id: 'microsoft',
    title: 'Microsoft',
    issuer: 'https://login.microsoftonline.com',
    authorizeUrl: 'https://login.microsoftonline.com/TENANT/oauth2/v2.0/authorize',
    tokenUrl: 'https://login.microsoftonline.com/TENANT/oauth2/v2.0/token',
    clientAuth: 'post',
    scopeSeparator: ' ',
    scopes: ['offline_access'],
  },
  slack: {
    id: 'slack',
    title: 'Slack',
    issuer: 'https://slack.com',
    authorizeUrl: 'https://slack.com/oauth/v2/authorize',
    tokenUrl: 'https://slack.com/api/oauth.v2.access',
    revoke: { url: 'https://slack.com/api/auth.revoke', how: 'bearer' },
    clientAuth: 'basic',
    scopeSeparator: ',',
    shim: 'slack',
  },
  notion: {
    id: 'notion',
    title: 'Notion',
    issuer: 'https://api.notion.com',
    authorizeUrl: 'https://api.notion.com/v1/oauth/authorize',
    tokenUrl: 'https://api.notion.com/v1/oauth/token',
    revoke: { url: 'https://api.notion.com/v1/oauth/revoke', how: 'basic-json' },
    authorizeParameters: { owner: 'user' },
    clientAuth: 'basic',
    scopeSeparator: undefined,
    shim: 'notion',
  },
};
