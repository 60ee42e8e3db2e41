import { defineConnector } from '../connector.ts';
import { openSlack } from '../slack/client.ts';
import { download } from '../slack/download.ts';
import { listChanges } from '../slack/list-changes.ts';
import { slackSettings } from '../slack/settings.ts';
import { slackWebhooks } from '../slack/webhooks.ts';
import { whoAmI } from '../slack/workspace.ts';

export default defineConnector({
  id: 'slack',
  title: 'Slack',
  description: 'Channels of a workspace: threads and days as text, files as they are.',
  capabilities: {
    changes: 'timestamp',
    deletes: 'sweep',
    rename: 'same-id',
    notify: 'webhook',
    hash: [],
    rangeDownload: true,
    write: false,
  },
  settings: slackSettings,
  oauth: 'slack',
  scopes: {
    read: [
      'channels:read',
      'channels:history',
      'channels:join',
      'groups:read',
      'groups:history',
      'im:read',
      'im:history',
      'mpim:read',
      'mpim:history',
      'users:read',
      'files:read',
    ],
  },
  async check(context) {
    const { teamId, name } = await whoAmI(await openSlack(context));
    return { accountId: teamId, displayName: name };
  },
  listChanges,
  download,
  webhooks: slackWebhooks,
});
