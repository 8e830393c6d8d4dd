import { createHash } from 'node:crypto';
import type { Architecture, Image } from '../model/records';
import type { World } from '../model/world';

interface PublicImage {
  readonly name: string;
  readonly description: string;
  readonly architecture: Architecture;
  readonly ownerId: string;
  readonly ownerAlias: string | null;
  readonly sizeGib: number;
  readonly rootDeviceName: string;
}

const DEBIAN = { ownerId: '136693071363', ownerAlias: null, sizeGib: 8, rootDeviceName: '/dev/xvda' };
const UBUNTU = { ownerId: '099720109477', ownerAlias: null, sizeGib: 8, rootDeviceName: '/dev/sda1' };
const AMAZON = { ownerId: '137112412989', ownerAlias: 'amazon', sizeGib: 8, rootDeviceName: '/dev/xvda' };
const TINY = { ownerId: '137112412989', ownerAlias: 'amazon', sizeGib: 1, rootDeviceName: '/dev/xvda' };

const both = (name: (architecture: string) => string, x86: string, arm: string) =>
  [
    [name(x86), 'x86_64'],
    [name(arm), 'arm64'],
  ] as const satisfies readonly (readonly [string, Architecture])[];

const PUBLIC_IMAGES: readonly PublicImage[] = [
  ...both((cpu) => `debian-12-${cpu}-20260101-1978`, 'amd64', 'arm64').map(([name, architecture]) => ({
    ...DEBIAN,
    name,
    architecture,
    description: 'Debian 12 (20260101-1978)',
  })),
  ...both(
    (cpu) => `ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-${cpu}-server-20260115`,
    'amd64',
    'arm64',
  ).map(([name, architecture]) => ({
    ...UBUNTU,
    name,
    architecture,
    description: 'Canonical, Ubuntu, 24.04, noble image',
  })),
  ...both((cpu) => `al2023-ami-2023.9.20260112.0-kernel-6.1-${cpu}`, 'x86_64', 'arm64').map(
    ([name, architecture]) => ({
      ...AMAZON,
      name,
      architecture,
      description: 'Amazon Linux 2023 AMI',
    }),
  ),
  ...both((cpu) => `tiny-1.0-${cpu}`, 'x86_64', 'arm64').map(([name, architecture]) => ({
    ...TINY,
    name,
    architecture,
    description: 'As little as boots',
  })),
];

/** The same in every simulator, so that a configuration can name it. */
export function publicId(prefix: string, name: string): string {
  return `${prefix}-${createHash('sha256').update(name).digest('hex').slice(0, 17)}`;
}

/** What others have published, each with its snapshot. */
export function addPublicImages(world: World): void {
  const createdAt = Date.parse('2026-01-15T06:00:00Z');
  for (const { sizeGib, ...facts } of PUBLIC_IMAGES) {
    const snapshotId = publicId('snap', facts.name);
    const base = { due: null, tags: [] };
    world.tables.snapshot.put(
      {
        ...base,
        id: snapshotId,
        sequence: world.nextSequence(),
        volumeId: null,
        sizeGib,
        description: facts.name,
        startedAt: createdAt,
        state: 'completed',
        ownerId: facts.ownerId,
      },
      0,
    );
    const image: Image = {
      ...base,
      ...facts,
      id: publicId('ami', facts.name),
      sequence: world.nextSequence(),
      isPublic: true,
      state: 'available',
      createdAt,
      disks: [
        {
          deviceName: facts.rootDeviceName,
          snapshotId,
          sizeGib,
          volumeType: 'gp3',
          iops: 3_000,
          throughput: 125,
          deleteOnTermination: true,
        },
      ],
    };
    world.tables.image.put(image, 0);
  }
}
