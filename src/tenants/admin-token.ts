import type { InstallationStore } from '../installation';
import { hashOf, mintSecret } from './api-token';

const SETTING = 'admin_token_hash';

/** The administrator's token: its hash, and the token itself only in the very start that made it. */
export interface AdminToken {
  readonly hash: string;
  readonly newToken: string | null;
}

/** Takes the configured token, or the one made at the first start, or makes one now. */
export async function loadAdminToken(
  installation: InstallationStore,
  configured: string | undefined,
): Promise<AdminToken> {
  if (configured !== undefined) return { hash: hashOf(configured), newToken: null };
  const known = await installation.get(SETTING);
  if (known !== null) return { hash: known, newToken: null };
  const newToken = mintSecret();
  const hash = hashOf(newToken);
  if (await installation.makeOnce(SETTING, hash)) return { hash, newToken };
  return loadAdminToken(installation, configured);
}

/** Undoes the making of a token that could not be shown, so that the next start makes another. */
export async function forgetAdminToken(installation: InstallationStore): Promise<void> {
  await installation.forget(SETTING);
}
