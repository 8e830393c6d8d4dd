/** What the first start prints: where, with what, and something to try. */
export function welcome(url: string, adminToken: string): string {
  return `
  Hypergate is running.

    GraphQL        ${url}/graphql
    GraphiQL       ${url}/
    Administrator  ${adminToken}

  The token is shown this once and kept only as a hash: put it away now. Something to try:

    curl -s ${url}/graphql -H 'content-type: application/json' \\
      -H 'authorization: Bearer ${adminToken}' \\
      -d '{"query":"{ viewer { kind } backends { name kind location status } }"}'

`;
}
