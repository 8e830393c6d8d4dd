import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

interface IdeAsset {
  readonly package: string;
  readonly file: string;
  readonly type: string;
}

const JAVASCRIPT = 'text/javascript; charset=utf-8';

/** What the page loads, by the name under `/ide/`; each out of an installed package, nothing from elsewhere. */
export const IDE_ASSETS: Readonly<Record<string, IdeAsset>> = {
  'react.js': { package: 'react', file: 'umd/react.production.min.js', type: JAVASCRIPT },
  'react-dom.js': { package: 'react-dom', file: 'umd/react-dom.production.min.js', type: JAVASCRIPT },
  'graphiql.js': { package: 'graphiql', file: 'graphiql.min.js', type: JAVASCRIPT },
  'graphiql.css': { package: 'graphiql', file: 'graphiql.min.css', type: 'text/css; charset=utf-8' },
  'graphql-ws.js': { package: 'graphql-ws', file: 'umd/graphql-ws.min.js', type: JAVASCRIPT },
};

const locate = createRequire(__filename);

/** Reads the file out of the installed package; the paths are not among the packages' exports. */
export function readIdeAsset(asset: IdeAsset): Buffer {
  const folder = dirname(locate.resolve(`${asset.package}/package.json`));
  return readFileSync(join(folder, asset.file));
}

export const IDE_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Hypergate</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/ide/graphiql.css">
<link rel="stylesheet" href="/ide/page.css">
</head>
<body>
<div id="graphiql">Loading…</div>
<script src="/ide/react.js"></script>
<script src="/ide/react-dom.js"></script>
<script src="/ide/graphql-ws.js"></script>
<script src="/ide/graphiql.js"></script>
<script src="/ide/page.js"></script>
</body>
</html>
`;

export const IDE_STYLE = 'html, body, #graphiql { height: 100%; margin: 0; }\n';

/** Sends subscriptions over the WebSocket and all else by POST, both with the token of the headers editor. */
export const IDE_SCRIPT = `'use strict';
const socketUrl = location.origin.replace(/^http/, 'ws') + '/graphql';

function authorizationOf(headers) {
  const entry = Object.entries(headers || {}).find(([name]) => name.toLowerCase() === 'authorization');
  return entry ? entry[1] : undefined;
}

function isSubscription(params, documentAST) {
  const operations = (documentAST ? documentAST.definitions : []).filter((one) => one.kind === 'OperationDefinition');
  const chosen = params.operationName
    ? operations.find((one) => one.name && one.name.value === params.operationName)
    : operations[0];
  return chosen !== undefined && chosen.operation === 'subscription';
}

function closed(event) {
  return event && event.code ? new Error('The socket was closed: ' + event.code + ' ' + event.reason) : event;
}

async function* subscribe(params, headers) {
  const client = graphqlWs.createClient({
    url: socketUrl,
    connectionParams: { authorization: authorizationOf(headers) },
    retryAttempts: 0,
  });
  try {
    yield* client.iterate(params);
  } catch (error) {
    throw closed(error);
  } finally {
    client.dispose();
  }
}

async function send(params, headers) {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(params),
  });
  return response.json();
}

function fetcher(params, options) {
  const headers = options && options.headers;
  return isSubscription(params, options && options.documentAST) ? subscribe(params, headers) : send(params, headers);
}

// GraphiQL's history keeps the headers of each operation, and they hold the token.
function withoutHeaders(text) {
  try {
    return JSON.stringify(JSON.parse(text, (key, value) => (key === 'headers' ? undefined : value)));
  } catch {
    return text;
  }
}

const storage = {
  getItem: (key) => localStorage.getItem(key),
  setItem: (key, value) => localStorage.setItem(key, withoutHeaders(value)),
  removeItem: (key) => localStorage.removeItem(key),
  clear: () => localStorage.clear(),
  get length() {
    return localStorage.length;
  },
};

ReactDOM.createRoot(document.getElementById('graphiql')).render(
  React.createElement(GraphiQL, {
    fetcher,
    storage,
    defaultEditorToolsVisibility: 'headers',
    defaultHeaders: '{\\n  "Authorization": ""\\n}',
    defaultQuery: '# Enter "Bearer TOKEN" under Headers below, then run an operation.\\n\\n{\\n  __typename\\n}\\n',
    shouldPersistHeaders: false,
  }),
);
`;
