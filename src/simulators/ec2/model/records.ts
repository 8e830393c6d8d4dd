/** What the account holds, as plain JSON. A record is never changed but replaced, so that what readers see can lag. */

export interface Tag {
  readonly key: string;
  readonly value: string;
}

export interface Stored {
  readonly id: string;
  /** Grows with each creation; lists and their pages are in this order. */
  readonly sequence: number;
  /** When something happens to it by itself, in milliseconds since 1970; null for never. */
  readonly due: number | null;
  readonly tags: readonly Tag[];
}

export type InstanceState = 'pending' | 'running' | 'shutting-down' | 'terminated' | 'stopping' | 'stopped';

export interface Reason {
  readonly code: string;
  readonly message: string;
}

export interface AttachedVolume {
  readonly deviceName: string;
  readonly volumeId: string;
  readonly attachedAt: number;
  readonly deleteOnTermination: boolean;
}

export interface MetadataOptions {
  readonly httpTokens: 'optional' | 'required';
  readonly httpPutResponseHopLimit: number;
  readonly httpEndpoint: 'enabled' | 'disabled';
  readonly instanceMetadataTags: 'enabled' | 'disabled';
}

export interface Instance extends Stored {
  readonly reservationId: string;
  readonly launchIndex: number;
  /** Empty for none. */
  readonly clientToken: string;
  readonly imageId: string;
  readonly instanceType: string;
  readonly architecture: Architecture;
  readonly keyName: string | null;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly zone: string;
  readonly state: InstanceState;
  readonly stateReason: Reason | null;
  /** For people: `User initiated (2026-01-31 12:00:00 GMT)`. */
  readonly transitionReason: string;
  /** Of a pending instance: why it is not going to run, such as Server.InsufficientInstanceCapacity. */
  readonly doomedBy: string | null;
  readonly launchedAt: number;
  /** Since when it runs; null while it does not. */
  readonly runningSince: number | null;
  /** Base64; null for none. */
  readonly userData: string | null;
  readonly disableApiTermination: boolean;
  readonly disableApiStop: boolean;
  readonly shutdownBehavior: 'stop' | 'terminate';
  readonly ebsOptimized: boolean;
  readonly monitoring: boolean;
  readonly metadataOptions: MetadataOptions;
  readonly rootDeviceName: string;
  readonly volumes: readonly AttachedVolume[];
  /** The primary one first. */
  readonly interfaceIds: readonly string[];
}

export interface NetworkInterface extends Stored {
  readonly subnetId: string;
  readonly vpcId: string;
  readonly zone: string;
  readonly description: string;
  readonly privateIp: string;
  readonly publicIp: string | null;
  readonly wantsPublicIp: boolean;
  readonly mac: string;
  readonly groupIds: readonly string[];
  readonly sourceDestCheck: boolean;
  readonly instanceId: string;
  readonly attachmentId: string;
  readonly attachedAt: number;
  readonly deviceIndex: number;
  readonly deleteOnTermination: boolean;
}

export type VolumeType = 'gp2' | 'gp3' | 'io1' | 'io2' | 'st1' | 'sc1' | 'standard';

export interface VolumeModification {
  readonly state: 'modifying' | 'optimizing' | 'completed';
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly original: VolumeShape;
}

export interface VolumeShape {
  readonly sizeGib: number;
  readonly volumeType: VolumeType;
  readonly iops: number | null;
  /** MiB/s. */
  readonly throughput: number | null;
}

export interface Volume extends Stored, VolumeShape {
  readonly zone: string;
  readonly createdAt: number;
  readonly encrypted: boolean;
  readonly snapshotId: string | null;
  /** Null: available. */
  readonly attachment: { readonly instanceId: string; readonly deviceName: string } | null;
  readonly modification: VolumeModification | null;
}

export interface Snapshot extends Stored {
  /** Null for those of public images, whose volume nobody here ever had. */
  readonly volumeId: string | null;
  readonly sizeGib: number;
  readonly description: string;
  readonly startedAt: number;
  readonly state: 'pending' | 'completed';
  readonly ownerId: string;
}

export type Architecture = 'x86_64' | 'arm64';

export interface ImageDisk extends VolumeShape {
  readonly deviceName: string;
  readonly snapshotId: string;
  readonly deleteOnTermination: boolean;
}

export interface Image extends Stored {
  readonly name: string;
  readonly description: string;
  readonly architecture: Architecture;
  readonly ownerId: string;
  readonly ownerAlias: string | null;
  readonly isPublic: boolean;
  readonly state: 'pending' | 'available';
  readonly createdAt: number;
  readonly rootDeviceName: string;
  readonly disks: readonly ImageDisk[];
}

export interface Vpc extends Stored {
  readonly cidr: string;
  readonly isDefault: boolean;
  readonly enableDnsSupport: boolean;
  readonly enableDnsHostnames: boolean;
  readonly state: 'pending' | 'available';
  readonly tenancy: string;
}

export interface Subnet extends Stored {
  readonly vpcId: string;
  readonly cidr: string;
  readonly zone: string;
  readonly isDefault: boolean;
  readonly mapPublicIpOnLaunch: boolean;
  readonly state: 'pending' | 'available';
}

export interface InternetGateway extends Stored {
  readonly vpcId: string | null;
}

export interface Route {
  readonly destination: string;
  /** Null: the route within the VPC, which every table has. */
  readonly gatewayId: string | null;
}

export interface RouteTable extends Stored {
  readonly vpcId: string;
  readonly routes: readonly Route[];
  /** With a subnet each; null stands for the VPC itself, whose main table it then is. */
  readonly associations: readonly { readonly id: string; readonly subnetId: string | null }[];
}

/** Whom a rule is about: one of the four. */
export interface RulePeer {
  readonly kind: 'cidrIpv4' | 'cidrIpv6' | 'groupId' | 'prefixListId';
  readonly value: string;
}

export interface SecurityRule {
  readonly id: string;
  readonly isEgress: boolean;
  /** `-1` for all. */
  readonly protocol: string;
  /** Null where the protocol has none. */
  readonly fromPort: number | null;
  readonly toPort: number | null;
  readonly peer: RulePeer;
  readonly description: string | null;
}

export interface SecurityGroup extends Stored {
  readonly vpcId: string;
  readonly name: string;
  readonly description: string;
  readonly rules: readonly SecurityRule[];
}

export interface KeyPair extends Stored {
  readonly name: string;
  readonly keyType: 'rsa' | 'ed25519';
  readonly fingerprint: string;
  /** OpenSSH's one line. */
  readonly publicKey: string;
  readonly createdAt: number;
}

/** What a client token has begun, so that the same request again begins nothing. */
export interface Launch extends Stored {
  readonly fingerprint: string;
  readonly reservationId: string;
  readonly instanceIds: readonly string[];
}

/** By the types of resources, as tags call them; a launch is none. */
export interface Records {
  instance: Instance;
  'network-interface': NetworkInterface;
  volume: Volume;
  snapshot: Snapshot;
  image: Image;
  vpc: Vpc;
  subnet: Subnet;
  'internet-gateway': InternetGateway;
  'route-table': RouteTable;
  'security-group': SecurityGroup;
  'key-pair': KeyPair;
  launch: Launch;
}

export type Kind = keyof Records;
