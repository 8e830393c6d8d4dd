import { LibvirtError } from '../../../src/providers/libvirt/client';

/** The number of the error that the daemon answers a call with; any other outcome is thrown. */
export async function codeOf(call: Promise<unknown>): Promise<number> {
  const error = await call.then(
    () => new Error('the call succeeded'),
    (reason: unknown) => reason,
  );
  if (error instanceof LibvirtError) return error.code;
  throw error;
}
