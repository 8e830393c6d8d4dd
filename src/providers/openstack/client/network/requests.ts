/** Bodies and queries of Neutron's API (networking v2.0). */

export interface CreateNetwork {
  readonly name: string;
  /** At most 255 characters; so in everything that has one. */
  readonly description?: string;
}

export interface CreateSubnet {
  readonly name: string;
  readonly description?: string;
  readonly network_id: string;
  readonly ip_version: 4;
  readonly cidr: string;
  /** Null for a subnet without a gateway; the first address when left out. */
  readonly gateway_ip?: string | null;
  readonly enable_dhcp: boolean;
  readonly dns_nameservers?: readonly string[];
}

export interface CreateRouter {
  readonly name: string;
  readonly description?: string;
  readonly external_gateway_info?: { readonly network_id: string };
}

export interface CreateSecurityGroup {
  readonly name: string;
  readonly description?: string;
}

/** A group that is made lets everything out and nothing in. */
export interface CreateSecurityGroupRule {
  readonly security_group_id: string;
  readonly direction: 'ingress' | 'egress';
  readonly ethertype: 'IPv4' | 'IPv6';
  readonly description?: string;
  /** All when left out. */
  readonly protocol?: 'tcp' | 'udp' | 'icmp' | 'ipv6-icmp';
  readonly port_range_min?: number;
  readonly port_range_max?: number;
  readonly remote_ip_prefix?: string;
  readonly remote_group_id?: string;
}

export interface CreatePort {
  readonly name?: string;
  readonly description?: string;
  readonly network_id: string;
  readonly security_groups?: readonly string[];
}

export interface CreateFloatingIp {
  readonly description?: string;
  readonly floating_network_id: string;
  /** The port that it leads to, from the beginning. */
  readonly port_id?: string;
}

/** All that are named have to fit; several values are or-ed. */
export interface NetworkFilter {
  readonly name?: string;
  readonly description?: string;
  readonly 'router:external'?: boolean;
}

export interface SubnetFilter {
  readonly network_id?: string | readonly string[];
}

export interface RouterFilter {
  readonly name?: string;
  readonly description?: string;
}

export interface PortFilter {
  readonly device_id?: string | readonly string[];
  /** `compute:ZONE`, `network:dhcp`, `network:router_interface` … */
  readonly device_owner?: string;
  readonly network_id?: string;
  readonly description?: string;
}

export interface SecurityGroupFilter {
  readonly name?: string;
  readonly description?: string;
}

export interface FloatingIpFilter {
  readonly description?: string;
  readonly port_id?: string | readonly string[];
}
