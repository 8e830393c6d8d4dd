/** Bodies and queries of Nova's API, at the microversion that `version.ts` pins. */

/** One card each, in this order: of a port that exists, or of one that Nova makes and removes with the server. */
export type ServerNetwork = { readonly uuid: string } | { readonly port: string };

export interface CreateServer {
  readonly name: string;
  readonly imageRef: string;
  readonly flavorRef: string;
  /** An empty list would let Nova choose. */
  readonly networks: readonly ServerNetwork[] | 'none';
  /** At most 255 characters in each key and value. */
  readonly metadata: Readonly<Record<string, string>>;
  /** At most 50, of 60 characters each, without `/` and `,`. */
  readonly tags?: readonly string[];
  /** By name or id; applied to the ports that Nova makes, not to those that exist. */
  readonly security_groups?: readonly { readonly name: string }[];
  /** In base64, at most 65,535 characters. */
  readonly user_data?: string;
  readonly key_name?: string;
  /** A DNS label or a fully qualified name of 2 characters or more; Nova makes one of the name when left out. */
  readonly hostname?: string;
  readonly description?: string;
  readonly availability_zone?: string;
  readonly config_drive?: boolean;
}

export interface ServerFilter {
  /** Only those that changed since then (ISO 8601), the deleted ones among them. */
  readonly changesSince?: string;
  /** A regular expression on Nova's side, or a part of the name. */
  readonly name?: string;
  /** Only those that carry all of these. There is no filter by metadata for anybody but administrators. */
  readonly tags?: readonly string[];
}

/** A page of at most `limit`, after the server with the id `marker`. Clouds cap the limit, mostly at 1,000. */
export interface PageQuery {
  readonly limit?: number;
  readonly marker?: string;
}

export type ServerAction =
  | { readonly 'os-start': null }
  | { readonly 'os-stop': null }
  | { readonly reboot: { readonly type: 'SOFT' | 'HARD' } }
  | { readonly suspend: null }
  | { readonly resume: null }
  | { readonly unpause: null }
  | { readonly unshelve: null }
  | { readonly resize: { readonly flavorRef: string } }
  | { readonly confirmResize: null }
  | { readonly revertResize: null };

export interface CreateKeypair {
  readonly name: string;
  /** In OpenSSH's one-line form. */
  readonly public_key: string;
}
