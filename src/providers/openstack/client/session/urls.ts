/** Keystone's version 3 below the URL that the administrator wrote, with or without its `/v3`. */
export function identityUrl(authUrl: string): string {
  const base = authUrl.replace(/\/+$/, '');
  return /\/v3$/.test(base) ? base : `${base}/v3`;
}

export function tokensUrl(authUrl: string): string {
  return `${identityUrl(authUrl)}/auth/tokens`;
}
