/** Where providers send people back to, below the address that they reach the hub by. */
export const OAUTH_CALLBACK = '/oauth/callback';
