/** Below it, `/<connector>` for the calls of a whole application, `/<connector>/<source>` for those of one source. */
export const HOOKS_PATH = '/webhooks/sources';
