/** What an administrator looks after. */
import type { StarterQuery } from './starter.ts';

export const ADMIN: readonly StarterQuery[] = [
  {
    query: `# Admin: who may do what, and who is signed in.
query Access {
  me { actor kind role scopes }
  users(first: 50) { totalCount nodes { userId email name role scopes disabledAt } }
  tokens(first: 50) { totalCount nodes { tokenId name prefix role scopes expiresAt lastUsedAt revokedAt } }
  sessions(first: 50) { totalCount nodes { sessionId actor method lastSeenAt isCurrent userAgent } }
}
`,
  },
  {
    query: `# Admin: what was changed about users, tokens and sessions, and by whom.
query AccessChanges($first: Int) {
  accessChanges(first: $first) {
    totalCount
    nodes { operation table key actor changedAt newValues }
  }
}
`,
    variables: { first: 20 },
  },
];
