import type { SecurityGroupRule } from '../model/records';
import { commonView } from './common-view';

export function ruleView(rule: SecurityGroupRule) {
  const { name: _name, ...common } = commonView(rule);
  return {
    ...common,
    security_group_id: rule.securityGroupId,
    ethertype: rule.ethertype,
    direction: rule.direction,
    protocol: rule.protocol,
    port_range_min: rule.portRangeMin,
    port_range_max: rule.portRangeMax,
    remote_ip_prefix: rule.remoteIpPrefix,
    remote_address_group_id: null,
    normalized_cidr: rule.remoteIpPrefix,
    remote_group_id: rule.remoteGroupId,
  };
}
