import type { SecurityGroupRule } from './client';
import { missingRules, RULE_DESCRIPTION, surplusRules, wantedRules } from './map-security-rules';

const ssh = { protocol: 'tcp', fromPort: 22, toPort: 22, cidr: '203.0.113.0/24' } as const;
const ping = { protocol: 'icmp', cidr: '::/0' } as const;

/** What Neutron says of a rule that was asked for. */
function present(rule: object, id: string, description: string = RULE_DESCRIPTION): SecurityGroupRule {
  const unset = {
    protocol: null,
    port_range_min: null,
    port_range_max: null,
    remote_ip_prefix: null,
    remote_group_id: null,
  };
  return { ...unset, ...rule, id, description } as SecurityGroupRule;
}

const wanted = wantedRules('group', [ssh, ping]);
const all = wanted.map((rule, index) => present(rule, `rule-${index}`));

describe('the rules of a security group', () => {
  it('let in the members, and what the configuration names', () => {
    expect(wanted).toMatchObject([
      { ethertype: 'IPv4', remote_group_id: 'group' },
      { ethertype: 'IPv6', remote_group_id: 'group' },
      { ethertype: 'IPv4', protocol: 'tcp', port_range_min: 22, port_range_max: 22 },
      { ethertype: 'IPv6', protocol: 'ipv6-icmp', remote_ip_prefix: '::/0' },
    ]);
    expect(wanted.every(({ direction }) => direction === 'ingress')).toBe(true);
  });

  it('are left alone when they are as wanted', () => {
    expect(missingRules(wanted, all)).toEqual([]);
    expect(surplusRules(wanted, all)).toEqual([]);
  });

  it('are added where they are missing', () => {
    expect(missingRules(wanted, all.slice(1))).toEqual([wanted[0]]);
  });

  it('are removed when the configuration does not name them any more', () => {
    expect(surplusRules(wantedRules('group', [ping]), all)).toEqual([all[2]]);
  });

  it('stay where they are not ours', () => {
    const foreign = present({ direction: 'ingress', ethertype: 'IPv4', protocol: 'udp' }, 'x', '');
    const outward = present({ direction: 'egress', ethertype: 'IPv4' }, 'y');
    expect(surplusRules(wanted, [...all, foreign, outward])).toEqual([]);
  });

  it('are removed where they are there twice, but for the first', () => {
    const twice = present(wanted[2]!, 'rule-0b');
    expect(surplusRules(wanted, [twice, ...all])).toEqual([all[2]]);
  });
});
