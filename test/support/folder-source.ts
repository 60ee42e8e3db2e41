/** The context of a source that is a folder. */
import { silentLog } from '../../src/kernel/log.ts';
import { type ConnectorContext, ConnectorError } from '../../src/sources/connector.ts';
import type { FolderSettings } from '../../src/sources/folder/settings.ts';

/** `root` is followed and the only root, unless said otherwise. */
export function folderContext(
  root: string,
  other: { readonly path?: string; readonly roots?: readonly string[]; readonly signal?: AbortSignal | undefined } = {},
): ConnectorContext<FolderSettings> {
  return {
    settings: { path: other.path ?? root },
    importRoots: other.roots ?? [root],
    auth: { get: () => Promise.reject(new ConnectorError('config', 'A folder has no tokens')) },
    keys: {},
    fetch: () => Promise.reject(new TypeError('A folder is not fetched')),
    signal: other.signal ?? new AbortController().signal,
    log: silentLog(),
  };
}
