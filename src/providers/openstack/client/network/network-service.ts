import type { Call } from '../options';
import type { Service } from '../service';
import { Collection } from './collection';
import type * as requests from './requests';
import * as results from './results';
import { routerInterfaceUrl } from './urls';

/** Neutron. */
export class NetworkService {
  readonly networks: Collection<typeof results.network, requests.CreateNetwork, requests.NetworkFilter>;
  readonly subnets: Collection<typeof results.subnet, requests.CreateSubnet, requests.SubnetFilter>;
  readonly routers: Collection<typeof results.router, requests.CreateRouter, requests.RouterFilter>;
  readonly ports: Collection<typeof results.port, requests.CreatePort, requests.PortFilter>;
  readonly securityGroups: Collection<
    typeof results.securityGroup,
    requests.CreateSecurityGroup,
    requests.SecurityGroupFilter
  >;
  /** 409 for a rule that the group has already. */
  readonly securityGroupRules: Collection<
    typeof results.securityGroupRule,
    requests.CreateSecurityGroupRule,
    { readonly security_group_id?: string }
  >;
  readonly floatingIps: Collection<
    typeof results.floatingIp,
    requests.CreateFloatingIp,
    requests.FloatingIpFilter
  >;

  constructor(private readonly service: Service) {
    this.networks = new Collection(service, 'networks', 'network', results.network);
    this.subnets = new Collection(service, 'subnets', 'subnet', results.subnet);
    this.routers = new Collection(service, 'routers', 'router', results.router);
    this.ports = new Collection(service, 'ports', 'port', results.port);
    this.securityGroups = new Collection(service, 'security-groups', 'security_group', results.securityGroup);
    this.securityGroupRules = new Collection(
      service,
      'security-group-rules',
      'security_group_rule',
      results.securityGroupRule,
    );
    this.floatingIps = new Collection(service, 'floatingips', 'floatingip', results.floatingIp);
  }

  /** The subnet's gateway becomes the router's address. 400 where the router has it already. */
  addRouterInterface(routerId: string, subnetId: string, call: Call): Promise<void> {
    const path = routerInterfaceUrl(routerId, 'add');
    return this.service.write({ method: 'PUT', path, body: { subnet_id: subnetId } }, call);
  }

  /** 404 where the router does not have it; 409 while a floating IP needs it. */
  removeRouterInterface(routerId: string, subnetId: string, call: Call): Promise<void> {
    const path = routerInterfaceUrl(routerId, 'remove');
    return this.service.write({ method: 'PUT', path, body: { subnet_id: subnetId } }, call);
  }
}
