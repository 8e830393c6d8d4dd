export type { CreateServer, PageQuery, ServerAction, ServerFilter, ServerNetwork } from './compute/requests';
export type { AbsoluteLimits, Flavor, Keypair, Server, ServerFault } from './compute/results';
export type { ServerPage } from './compute/server-calls';
export { OpenStackError, TransportError, UnsuitableCloudError } from './errors';
export type { TransportReason } from './errors';
export type { Image } from './image/results';
export type { FloatingIp, Network, Port, Router, SecurityGroup, Subnet } from './network/results';
export { OpenStackClient } from './openstack-client';
export type { Call, Credentials, OpenStackClientOptions, RequestLane } from './options';
