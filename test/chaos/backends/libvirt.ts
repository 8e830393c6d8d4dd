import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { guestImage, PrivateLibvirtd } from '../../peers/support/libvirtd';
import type { FaultyBackend } from './faulty-backend';
import { listedBy } from './listed-by';

const IMAGE = 'guest.qcow2';

/** The real one, in a sandbox of its own: it lags behind nothing and loses no replies. */
export async function libvirt(): Promise<FaultyBackend> {
  const daemon = await PrivateLibvirtd.start();
  const poolPath = join(daemon.directory, 'pool');
  await mkdir(poolPath);
  await copyFile(await guestImage(), join(poolPath, IMAGE));
  const at = (socket: string): object => ({
    uri: `qemu+unix:///system?socket=${socket}`,
    // KVM may be offered and guests still hang on it.
    ...{ accelerator: 'tcg', poolPath },
  });
  const entryAt = (socket: string): object => ({
    ...{ name: 'libvirt', kind: 'libvirt', location: 'INTERNAL', ...at(socket) },
  });
  return {
    name: 'libvirt',
    entry: entryAt(daemon.socketPath),
    imageRef: IMAGE,
    isSmall: true,
    inventory: (installationId) => listedBy('libvirt', at(daemon.socketPath), installationId),
    lostReplies: () => 0,
    hardships: ['AWAY'],
    suffer: (hardship) => entryAt(hardship === 'AWAY' ? join(daemon.directory, 'nobody') : daemon.socketPath),
    close: () => daemon.stop(),
  };
}
