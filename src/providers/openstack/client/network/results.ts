import { z } from 'zod';

/** Answers of Neutron's API, as far as they are read. */

const described = { id: z.string(), name: z.string(), description: z.string().nullish() };
/** ISO 8601; left out by clouds without the extension for timestamps. */
const stamped = { created_at: z.string().nullish() };

export const network = z.object({
  ...described,
  ...stamped,
  /** ACTIVE, DOWN, BUILD or ERROR. */
  status: z.string(),
  subnets: z.array(z.string()),
  'router:external': z.boolean().nullish(),
});
export type Network = z.infer<typeof network>;

export const subnet = z.object({
  ...described,
  network_id: z.string(),
  ip_version: z.number(),
  cidr: z.string(),
  gateway_ip: z.string().nullish(),
  enable_dhcp: z.boolean(),
});
export type Subnet = z.infer<typeof subnet>;

export const router = z.object({
  ...described,
  ...stamped,
  status: z.string(),
  external_gateway_info: z.object({ network_id: z.string() }).nullish(),
});
export type Router = z.infer<typeof router>;

export const port = z.object({
  ...described,
  network_id: z.string(),
  mac_address: z.string(),
  fixed_ips: z.array(z.object({ subnet_id: z.string(), ip_address: z.string() })),
  /** Of a server or a router; empty where it is nobody's. */
  device_id: z.string().nullish(),
  device_owner: z.string().nullish(),
  status: z.string(),
  security_groups: z.array(z.string()).default([]),
});
export type Port = z.infer<typeof port>;

export const securityGroupRule = z.object({
  id: z.string(),
  description: z.string().nullish(),
  direction: z.string(),
  ethertype: z.string().nullish(),
  protocol: z.string().nullish(),
  port_range_min: z.number().nullish(),
  port_range_max: z.number().nullish(),
  remote_ip_prefix: z.string().nullish(),
  remote_group_id: z.string().nullish(),
});
export type SecurityGroupRule = z.infer<typeof securityGroupRule>;

export const securityGroup = z.object({
  ...described,
  ...stamped,
  security_group_rules: z.array(securityGroupRule).default([]),
});
export type SecurityGroup = z.infer<typeof securityGroup>;

export const floatingIp = z.object({
  id: z.string(),
  description: z.string().nullish(),
  ...stamped,
  floating_ip_address: z.string(),
  floating_network_id: z.string(),
  fixed_ip_address: z.string().nullish(),
  port_id: z.string().nullish(),
  status: z.string().nullish(),
});
export type FloatingIp = z.infer<typeof floatingIp>;
