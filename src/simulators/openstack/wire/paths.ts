/** Where each API is, below the address of the server. */
export const PATHS = {
  identity: { root: '/identity', version: '/v3' },
  compute: { root: '/compute', version: '/v2.1' },
  image: { root: '/image', version: '/v2' },
  network: { root: '/network', version: '/v2.0' },
} as const;
