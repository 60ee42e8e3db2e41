import { defineConnector } from '../connector.ts';
import { openNotion } from '../notion/client.ts';
import { download } from '../notion/download.ts';
import { listChanges } from '../notion/list-changes.ts';
import { notionSettings } from '../notion/settings.ts';
import { notionWebhooks } from '../notion/webhooks.ts';
import { whoAmI } from '../notion/workspace.ts';

export default defineConnector({
  id: 'notion',
  title: 'Notion',
  description: 'Pages of a workspace as Markdown, its databases as tables, and the files in them.',
  capabilities: {
    changes: 'timestamp',
    deletes: 'sweep',
    rename: 'same-id',
    notify: 'webhook',
    hash: [],
    rangeDownload: true,
    write: false,
  },
  settings: notionSettings,
  oauth: 'notion',
  // What may be read is chosen page by page when somebody connects.
  scopes: { read: [] },
  async check(context) {
    const { workspaceId, name } = await whoAmI(await openNotion(context));
    return { accountId: workspaceId, displayName: name };
  },
  listChanges,
  download,
  webhooks: notionWebhooks,
});
