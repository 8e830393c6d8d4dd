import type { InternetGateway, Subnet, Tag, Vpc } from '@aws-sdk/client-ec2';
import { invalidArgument } from '../../../kernel';
import { done, ownerKey, parseIpv4Prefix } from '../../contract';
import type { CallContext, NetworkObservation, NetworkSpec, Outcome } from '../../contract';
import type { Ec2Account } from '../account';
import { isFault, isNotFound } from '../client';
import { stillBusy } from '../errors';
import { openIngress } from '../ingress';
import { READY_TAG, filter, markerTags, nameTag, tagged } from '../map-marker';
import { accept } from '../operations';
import { findVpcs, isReady, observeNetwork } from '../vpcs';
import { removeVpc } from './delete-network';
import { connectOutwards } from './outwards';
import { findPieces } from './pieces';
import type { NetworkPieces } from './pieces';

type Answer = Promise<Outcome<NetworkObservation>>;

/** EC2's limits for a VPC and for a subnet. */
const PREFIX_LENGTHS = { shortest: 16, longest: 28 };

/**
 * A VPC with one subnet, and for NAT a gateway to the internet. EC2 has no idempotency key for these: each piece is looked
 * for before it is made, and whatever EC2 does not show yet is waited for, outside of the call. The last step marks the
 * whole as ready.
 */
export function createNetwork(account: Ec2Account, spec: NetworkSpec, context: CallContext): Answer {
  requireLength(spec.cidr);
  return account.locks.run(ownerKey(spec.marker), async () => {
    const pieces = await findPieces(account, spec.marker, context);
    const [vpc, ...others] = pieces.vpcs;
    // Of two that began at once one yields.
    for (const other of others) await removeVpc(account, other, pieces, context);
    if (vpc === undefined) return begin(account, spec, context);
    if (isReady(vpc)) return done(observeNetwork(vpc));
    return new Construction(account, spec, vpc, context).goOn(pieces);
  });
}

function requireLength(cidr: string): void {
  const length = parseIpv4Prefix(cidr)?.length ?? 0;
  if (length >= PREFIX_LENGTHS.shortest && length <= PREFIX_LENGTHS.longest) return;
  throw invalidArgument('spec.cidr', 'EC2 takes lengths from /16 to /28.');
}

async function begin(account: Ec2Account, spec: NetworkSpec, context: CallContext): Answer {
  const { signal } = context;
  const input = { CidrBlock: spec.cidr, TagSpecifications: tagged(tagsOf(spec), 'vpc') };
  const made = await account.line.send(signal, (sdk) => new sdk.CreateVpcCommand(input), 'ONCE');
  const vpc = made.Vpc ?? {};
  const [first] = await findVpcs(account, spec.marker, context);
  if (first !== undefined && first.VpcId !== vpc.VpcId) {
    // Another process was faster, or began in the same moment and comes first by its id.
    await removeVpc(account, vpc, { vpcs: [], subnets: [], gateways: [] }, context);
    throw stillBusy();
  }
  // The answer calls it pending; what is read may know better already.
  return new Construction(account, spec, first ?? vpc, context).goOn({ vpcs: [], subnets: [], gateways: [] });
}

export function tagsOf({ marker, name }: NetworkSpec): Tag[] {
  return [...markerTags(marker), nameTag(name)];
}

/** The one that is attached to it, else one that is to nothing: what is attached elsewhere goes with that VPC. */
function gatewayFor(vpcId: string, gateways: readonly InternetGateway[]): InternetGateway | undefined {
  const isHere = ({ Attachments = [] }: InternetGateway) => Attachments.some((each) => each.VpcId === vpcId);
  const isFree = ({ Attachments = [] }: InternetGateway) => Attachments.length === 0;
  return gateways.find(isHere) ?? gateways.find(isFree);
}

/** From a VPC to a network that is ready. */
class Construction {
  private readonly vpcId: string;
  /** What was made, to be waited for where EC2 does not see it yet. */
  private readonly made = { subnets: [] as string[], gateways: [] as string[] };

  constructor(
    private readonly account: Ec2Account,
    private readonly spec: NetworkSpec,
    private readonly vpc: Vpc,
    private readonly context: CallContext,
  ) {
    this.vpcId = vpc.VpcId ?? '';
  }

  async goOn(pieces: NetworkPieces): Answer {
    if (this.vpc.State !== 'available') return this.wait();
    try {
      await this.finish(pieces);
    } catch (error) {
      // Of what is there for certain: it was made a moment ago.
      if (isNotFound(error)) return this.wait();
      throw error;
    }
    return this.shown();
  }

  /** Others may refer to it as soon as it is answered, so it has to be shown. */
  private async shown(): Answer {
    const { account, spec, vpcId, context } = this;
    const [vpc] = await findVpcs(account, spec.marker, context);
    if (vpc !== undefined && isReady(vpc)) return done(observeNetwork(vpc));
    return accept(account, 'network', { vpc: vpcId, marker: spec.marker });
  }

  private wait(): Outcome<NetworkObservation> {
    const pieces = { vpcs: [this.vpcId], ...this.made };
    return accept(this.account, 'appearance', { pieces, marker: this.spec.marker });
  }

  private async finish(pieces: NetworkPieces): Promise<void> {
    const { account, spec, vpcId, context } = this;
    const { line } = account;
    const subnetId = await this.ensureSubnet(pieces.subnets);
    if (spec.mode === 'NAT') {
      const gatewayId = await this.ensureGateway(pieces.gateways);
      await connectOutwards(account, { vpcId, subnetId, gatewayId }, pieces.gateways, context);
    }
    if (account.config.ingress.length > 0) await this.openOwnGroup();
    await this.requireFirst();
    const input = { Resources: [vpcId, subnetId], Tags: [{ Key: READY_TAG, Value: 'true' }] };
    await line.send(context.signal, (sdk) => new sdk.CreateTagsCommand(input));
  }

  /** Another one may have shown up meanwhile: the repeated mutation removes the one that yields. */
  private async requireFirst(): Promise<void> {
    const { account, spec, vpcId, context } = this;
    const [first] = await findVpcs(account, spec.marker, context);
    if (first !== undefined && first.VpcId !== vpcId) throw stillBusy();
  }

  private async ensureSubnet(subnets: readonly Subnet[]): Promise<string> {
    const { account, spec, vpcId, context } = this;
    let id = subnets.find(({ VpcId }) => VpcId === vpcId)?.SubnetId;
    if (id === undefined) {
      const { availabilityZone } = account.config;
      const input = {
        VpcId: vpcId,
        CidrBlock: spec.cidr,
        ...(availabilityZone !== undefined && { AvailabilityZone: availabilityZone }),
        TagSpecifications: tagged(tagsOf(spec), 'subnet'),
      };
      const { signal } = context;
      try {
        const made = await account.line.send(signal, (sdk) => new sdk.CreateSubnetCommand(input), 'ONCE');
        id = made.Subnet?.SubnetId ?? '';
      } catch (error) {
        // The whole block is taken: it was made a moment ago, and is not shown yet.
        throw isFault(error, 'InvalidSubnet.Conflict') ? stillBusy(error) : error;
      }
    }
    this.made.subnets.push(id);
    return id;
  }

  private async ensureGateway(gateways: readonly InternetGateway[]): Promise<string> {
    const { account, spec, context } = this;
    let id = gatewayFor(this.vpcId, gateways)?.InternetGatewayId;
    if (id === undefined) {
      const input = { TagSpecifications: tagged(tagsOf(spec), 'internet-gateway') };
      const { signal } = context;
      const made = await account.line.send(
        signal,
        (sdk) => new sdk.CreateInternetGatewayCommand(input),
        'ONCE',
      );
      id = made.InternetGateway?.InternetGatewayId ?? '';
    }
    this.made.gateways.push(id);
    return id;
  }

  /** Members reach each other by the VPC's own group, which is opened further by the configuration. */
  private async openOwnGroup(): Promise<void> {
    const { account, vpcId, context } = this;
    const input = { Filters: [filter('vpc-id', vpcId), filter('group-name', 'default')] };
    const { signal } = context;
    const found = await account.line.send(signal, (sdk) => new sdk.DescribeSecurityGroupsCommand(input));
    const groupId = found.SecurityGroups?.[0]?.GroupId;
    if (groupId === undefined) throw stillBusy();
    await openIngress(account, groupId, context);
  }
}
