/** Plain data: every record is written to the state file as it stands. Times are milliseconds since 1970. */
export interface Project {
  readonly id: string;
  readonly name: string;
}

export interface User {
  readonly id: string;
  readonly name: string;
  readonly defaultProjectId: string;
  /** Where the user has a role. */
  readonly projectIds: readonly string[];
}

export interface ApplicationCredential {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly secret: string;
  readonly userId: string;
  readonly projectId: string;
  readonly unrestricted: boolean;
  readonly expiresAt: number | null;
}

export interface Flavor {
  readonly id: string;
  readonly name: string;
  readonly vcpus: number;
  readonly memoryMib: number;
  readonly diskGib: number;
}

export interface Image {
  readonly id: string;
  name: string;
  /** `snapshot` images belong to a project; the others are for everybody. */
  readonly ownerId: string;
  readonly visibility: 'public' | 'private';
  status: 'queued' | 'saving' | 'active';
  minDiskGib: number;
  minMemoryMib: number;
  sizeBytes: number | null;
  readonly properties: Record<string, string>;
  readonly createdAt: number;
  updatedAt: number;
}

export interface Keypair {
  readonly name: string;
  readonly userId: string;
  readonly type: 'ssh' | 'x509';
  readonly publicKey: string;
  readonly fingerprint: string;
  readonly createdAt: number;
}

/** What all objects of Neutron have. */
export interface NetworkObject {
  readonly id: string;
  readonly projectId: string;
  name: string;
  description: string;
  tags: string[];
  readonly createdAt: number;
  updatedAt: number;
  revision: number;
}

export interface Network extends NetworkObject {
  adminStateUp: boolean;
  readonly shared: boolean;
  readonly isExternal: boolean;
  readonly mtu: number;
  portSecurityEnabled: boolean;
}

export interface AddressPool {
  readonly start: string;
  readonly end: string;
}

export interface Subnet extends NetworkObject {
  readonly networkId: string;
  readonly ipVersion: 4;
  readonly cidr: string;
  gatewayIp: string | null;
  enableDhcp: boolean;
  dnsNameservers: string[];
  hostRoutes: { destination: string; nexthop: string }[];
  allocationPools: AddressPool[];
}

export interface Gateway {
  readonly networkId: string;
  readonly enableSnat: boolean;
  readonly portId: string;
}

export interface Router extends NetworkObject {
  adminStateUp: boolean;
  gateway: Gateway | null;
}

export interface FixedIp {
  readonly subnetId: string;
  readonly ipAddress: string;
}

export interface Port extends NetworkObject {
  readonly networkId: string;
  readonly macAddress: string;
  adminStateUp: boolean;
  fixedIps: FixedIp[];
  deviceId: string;
  deviceOwner: string;
  status: 'ACTIVE' | 'DOWN';
  securityGroupIds: string[];
}

export interface SecurityGroup extends NetworkObject {
  readonly stateful: boolean;
}

export interface SecurityGroupRule extends NetworkObject {
  readonly securityGroupId: string;
  readonly direction: 'ingress' | 'egress';
  readonly ethertype: 'IPv4' | 'IPv6';
  readonly protocol: string | null;
  readonly portRangeMin: number | null;
  readonly portRangeMax: number | null;
  readonly remoteIpPrefix: string | null;
  readonly remoteGroupId: string | null;
}

export interface FloatingIp extends NetworkObject {
  readonly floatingNetworkId: string;
  readonly floatingIpAddress: string;
  /** The port on the external network that holds the address. */
  readonly gatewayPortId: string;
  portId: string | null;
  fixedIpAddress: string | null;
  routerId: string | null;
}
