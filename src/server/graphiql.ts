/** GraphiQL from our own packages: no file of it comes from elsewhere, so it works with the network cut. */
import type { Answer } from '../http/respond.ts';
import { hashBytes } from '../kernel/hash.ts';
import { STARTER_QUERIES } from './starter-queries.ts';

const PATH = '/graphiql/';

/** The editor builds styles at run time; scripts come from this server alone, none inline. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const START = `
self.MonacoEnvironment = {
  globalAPI: false,
  getWorkerUrl: (moduleId, label) => '${PATH}' + ({ json: 'json-worker.js', graphql: 'graphql-worker.js' }[label] ?? 'editor-worker.js'),
};
const keptTabs = () => {
  try {
    const { tabs, activeTabIndex } = JSON.parse(localStorage.getItem('graphiql:tabState'));
    return Array.isArray(tabs) ? { tabs, active: tabs[activeTabIndex] } : undefined;
  } catch {
    return undefined;
  }
};
addEventListener('DOMContentLoaded', () => {
  const options = JSON.parse(document.getElementById('options').textContent);
  const kept = keptTabs();
  // Of the tabs that a first visit opens with it leaves the first one's variables out.
  if (kept === undefined) options.variables = options.defaultTabs[0].variables;
  // Beside tabs that it kept it opens an empty one at each visit, unless it is told what one of them holds.
  const linked = new URL(location.href).searchParams.get('query');
  const tab = linked === null ? kept?.active : kept?.tabs.find(({ query }) => query === linked);
  if (tab) Object.assign(options, { query: tab.query, variables: tab.variables });
  YogaGraphiQL.renderYogaGraphiQL(document.getElementById('root'), options);
});
`;

/** GraphiQL stands side by side at any width; on a phone one would see a third of each line. */
const NARROW = `
@media (max-width: 48rem) {
  .graphiql-container #graphiql-session { flex-direction: column; overflow: auto }
  .graphiql-container #graphiql-session > .graphiql-editors,
  .graphiql-container #graphiql-session > .graphiql-response { flex: none !important; height: 75%; min-height: 20rem; width: auto }
  .graphiql-container #graphiql-session > .graphiql-horizontal-drag-bar { display: none }
}
`;

/** Three stones, one on the other. */
const LOGO =
  '<svg width="28" height="28" viewBox="0 0 28 28" fill="#1f5f8b"><ellipse cx="14" cy="22" rx="11" ry="4"/><ellipse cx="13" cy="14" rx="8" ry="3.4"/><ellipse cx="15" cy="7.5" rx="5" ry="2.6"/></svg>';

const OPTIONS = {
  title: 'Cairn',
  logo: LOGO,
  // The headers' tab may hold a token.
  shouldPersistHeaders: false,
  endpoint: '/graphql',
  credentials: 'same-origin',
  additionalHeaders: { 'x-cairn-csrf': '1' },
  subscriptionsProtocol: 'SSE',
  defaultTabs: STARTER_QUERIES.map(({ query, variables }) => ({
    query,
    variables: variables === undefined ? '' : JSON.stringify(variables, null, 2),
  })),
  schemaDescription: true,
};

const STYLE = 'text/css; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';

interface Asset {
  readonly type: string;
  readonly body: string;
  readonly etag: string;
}

export interface GraphiqlFiles {
  /** One of the page's files, or undefined. A browser asks again each time and, unless it changed, gets 304. */
  readonly answer: (path: string, ifNoneMatch: string | undefined) => Promise<Answer | undefined>;
}

/** The files that the page loads; nine megabytes, so they are read when a browser first asks. */
export function createGraphiqlFiles(): GraphiqlFiles {
  let loading: Promise<ReadonlyMap<string, Asset>> | undefined;
  return {
    answer: async (path, ifNoneMatch) => {
      if (!path.startsWith(PATH)) return undefined;
      loading ??= loadAssets();
      const asset = (await loading).get(path.slice(PATH.length));
      if (asset === undefined) return undefined;
      const { type, body, etag } = asset;
      const headers = { etag, 'cache-control': 'private, no-cache', 'content-security-policy': POLICY };
      return ifNoneMatch === etag ? { status: 304, type, body: '', headers } : { status: 200, type, body, headers };
    },
  };
}

async function loadAssets(): Promise<ReadonlyMap<string, Asset>> {
  const bundle = await import('@graphql-yoga/render-graphiql/graphiql');
  const bodies: Readonly<Record<string, string>> = {
    'graphiql.js': bundle.js,
    'graphiql.css': bundle.css,
    'narrow.css': NARROW,
    'start.js': START,
    'editor-worker.js': bundle.editorWorkerService,
    'json-worker.js': bundle.jsonWorker,
    'graphql-worker.js': bundle.graphqlWorker,
  };
  return new Map(
    Object.entries(bodies).map(([name, body]) => [
      name,
      { type: name.endsWith('.css') ? STYLE : SCRIPT, body, etag: `"${hashBytes(body).slice(0, 32)}"` },
    ]),
  );
}

/** The page. Its options stand as data in it, so that no script is inline. */
export function graphiqlPage(): Answer {
  // `<` could end the element that the options stand in.
  const options = JSON.stringify(OPTIONS).replaceAll('<', '\\u003c');
  return {
    status: 200,
    type: 'text/html; charset=utf-8',
    headers: { 'content-security-policy': POLICY },
    body: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Cairn</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${PATH}graphiql.css">
<link rel="stylesheet" href="${PATH}narrow.css">
<body class="no-focus-outline">
<noscript>GraphiQL needs JavaScript.</noscript>
<div id="root"></div>
<script type="application/json" id="options">${options}</script>
<script src="${PATH}start.js"></script>
<script src="${PATH}graphiql.js"></script>
</body>
</html>
`,
  };
}
