"""Drives a simulated EC2 by boto3: boto3_session.py ENDPOINT REGION KEY SECRET"""
import base64
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint, region, key, secret = sys.argv[1:5]
def client(**more):
    args = dict(endpoint_url=endpoint, region_name=region, aws_access_key_id=key, aws_secret_access_key=secret,
                config=Config(retries={'max_attempts': 1}))
    args.update(more)
    return boto3.client('ec2', **args)
ec2 = client()
FAST = {'Delay': 0.1, 'MaxAttempts': 100}
def refused(code, call, **args):
    try:
        call(**args)
    except ClientError as e:
        assert e.response['Error']['Code'] == code, (code, e.response)
        return e.response['ResponseMetadata']['HTTPStatusCode']
    raise AssertionError(code + ' expected')

assert [r['RegionName'] for r in ec2.describe_regions()['Regions']] == [region]
assert len(ec2.describe_availability_zones()['AvailabilityZones']) == 3
assert len(ec2.describe_account_attributes()['AccountAttributes']) > 3
images = ec2.describe_images(Filters=[{'Name': 'name', 'Values': ['debian-12-amd64-*']}])['Images']
image = images[0]; ami = image['ImageId']
assert image['BlockDeviceMappings'][0]['Ebs']['VolumeSize'] == 8, image
types = [t for page in ec2.get_paginator('describe_instance_types').paginate(
    Filters=[{'Name': 'processor-info.supported-architecture', 'Values': ['x86_64']}], PaginationConfig={'PageSize': 5}) for t in page['InstanceTypes']]
assert any(t['InstanceType'] == 't3.micro' and t['VCpuInfo']['DefaultVCpus'] == 2 and t['MemoryInfo']['SizeInMiB'] == 1024 for t in types), types
assert len(types) == 30, len(types)

vpc = ec2.create_vpc(CidrBlock='10.9.0.0/16', TagSpecifications=[{'ResourceType': 'vpc', 'Tags': [{'Key': 'Name', 'Value': 'v'}]}])['Vpc']['VpcId']
ec2.get_waiter('vpc_available').wait(VpcIds=[vpc])
ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={'Value': True})
assert ec2.describe_vpc_attribute(VpcId=vpc, Attribute='enableDnsHostnames')['EnableDnsHostnames']['Value'] is True
subnet = ec2.create_subnet(VpcId=vpc, CidrBlock='10.9.1.0/24')['Subnet']['SubnetId']
ec2.get_waiter('subnet_available').wait(SubnetIds=[subnet])
refused('InvalidSubnet.Conflict', ec2.create_subnet, VpcId=vpc, CidrBlock='10.9.1.128/25')
ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={'Value': True})
igw = ec2.create_internet_gateway()['InternetGateway']['InternetGatewayId']
ec2.attach_internet_gateway(InternetGatewayId=igw, VpcId=vpc)
rtb = ec2.create_route_table(VpcId=vpc)['RouteTable']['RouteTableId']
assert ec2.create_route(RouteTableId=rtb, DestinationCidrBlock='0.0.0.0/0', GatewayId=igw)['Return'] is True
assoc = ec2.associate_route_table(RouteTableId=rtb, SubnetId=subnet)['AssociationId']
tables = ec2.describe_route_tables(Filters=[{'Name': 'vpc-id', 'Values': [vpc]}])['RouteTables']
assert len(tables) == 2 and tables[1]['Routes'][1]['State'] == 'active', tables
sg = ec2.create_security_group(GroupName='web', Description='for the web', VpcId=vpc)['GroupId']
ec2.get_waiter('security_group_exists').wait(GroupIds=[sg])
perm = [{'IpProtocol': 'tcp', 'FromPort': 22, 'ToPort': 22, 'IpRanges': [{'CidrIp': '0.0.0.0/0', 'Description': 'ssh'}]}]
rules = ec2.authorize_security_group_ingress(GroupId=sg, IpPermissions=perm)['SecurityGroupRules']
assert rules[0]['CidrIpv4'] == '0.0.0.0/0', rules
refused('InvalidPermission.Duplicate', ec2.authorize_security_group_ingress, GroupId=sg, IpPermissions=perm)
group = ec2.describe_security_groups(GroupIds=[sg])['SecurityGroups'][0]
assert group['IpPermissions'] == [{**perm[0], 'Ipv6Ranges': [], 'PrefixListIds': [], 'UserIdGroupPairs': []}], group
pair = ec2.create_key_pair(KeyName='made')
assert pair['KeyMaterial'].startswith('-----BEGIN')
ec2.get_waiter('key_pair_exists').wait(KeyNames=['made'])
refused('InvalidKeyPair.Duplicate', ec2.create_key_pair, KeyName='made')
refused('InvalidKey.Format', ec2.import_key_pair, KeyName='bad', PublicKeyMaterial=b'ssh-rsa nonsense')
full = ec2.describe_key_pairs(KeyNames=['made'], IncludePublicKey=True)['KeyPairs'][0]
ec2.import_key_pair(KeyName='again', PublicKeyMaterial=full['PublicKey'].encode())

args = dict(ImageId=ami, InstanceType='t3.small', MinCount=2, MaxCount=2, SubnetId=subnet, SecurityGroupIds=[sg], KeyName='made', UserData='#!/bin/sh\necho ü\n',
    ClientToken='token-1', TagSpecifications=[{'ResourceType': 'instance', 'Tags': [{'Key': 'Name', 'Value': 'a <&> "b" ü'}]}],
    MetadataOptions={'HttpTokens': 'required'}, BlockDeviceMappings=[{'DeviceName': image['RootDeviceName'], 'Ebs': {'VolumeSize': 12, 'VolumeType': 'gp3'}}])
refused('DryRunOperation', ec2.run_instances, DryRun=True, **{**args, 'ClientToken': 'dry'})
ids = [i['InstanceId'] for i in ec2.run_instances(**args)['Instances']]
assert [i['InstanceId'] for i in ec2.run_instances(**args)['Instances']] == ids
refused('IdempotentParameterMismatch', ec2.run_instances, **{**args, 'MaxCount': 3})
ec2.get_waiter('instance_exists').wait(InstanceIds=ids)
ec2.get_waiter('instance_running').wait(InstanceIds=ids, WaiterConfig=FAST)
ec2.get_waiter('instance_status_ok').wait(InstanceIds=ids, WaiterConfig=FAST)
one = ec2.describe_instances(InstanceIds=ids[:1])['Reservations'][0]['Instances'][0]
assert one['Tags'][0]['Value'] == 'a <&> "b" ü' and one['PublicIpAddress'] and one['PrivateIpAddress'] == '10.9.1.4', one
assert one['LaunchTime'].tzinfo and one['NetworkInterfaces'][0]['Groups'][0]['GroupId'] == sg
assert base64.b64decode(ec2.describe_instance_attribute(InstanceId=ids[0], Attribute='userData')['UserData']['Value']).decode() == args['UserData']
assert 'login:' in ec2.get_console_output(InstanceId=ids[0])['Output']
listed = [i for p in ec2.get_paginator('describe_instances').paginate(PaginationConfig={'PageSize': 5}) for r in p['Reservations'] for i in r['Instances']]
assert len({i['InstanceId'] for i in listed}) == len(listed) == 12
status = [s for p in ec2.get_paginator('describe_instance_status').paginate(IncludeAllInstances=True, PaginationConfig={'PageSize': 5}) for s in p['InstanceStatuses']]
assert len(status) == 12
tags = [t for p in ec2.get_paginator('describe_tags').paginate(Filters=[{'Name': 'key', 'Values': ['N?me']}], PaginationConfig={'PageSize': 5}) for t in p['Tags']]
assert len(tags) == 13, len(tags)
ec2.stop_instances(InstanceIds=ids)
ec2.get_waiter('instance_stopped').wait(InstanceIds=ids, WaiterConfig=FAST)
ec2.modify_instance_attribute(InstanceId=ids[0], InstanceType={'Value': 't3.large'})
ec2.modify_instance_attribute(InstanceId=ids[0], UserData={'Value': b'new'})
ec2.modify_instance_attribute(InstanceId=ids[0], DisableApiTermination={'Value': True})
ec2.start_instances(InstanceIds=ids)
refused('IncorrectInstanceState', ec2.stop_instances, InstanceIds=ids)
ec2.get_waiter('instance_running').wait(InstanceIds=ids, WaiterConfig=FAST)
refused('IncorrectInstanceState', ec2.modify_instance_attribute, InstanceId=ids[0], InstanceType={'Value': 't3.small'})
assert ec2.describe_instance_attribute(InstanceId=ids[0], Attribute='instanceType')['InstanceType']['Value'] == 't3.large'
ec2.reboot_instances(InstanceIds=ids)
volume = one['BlockDeviceMappings'][0]['Ebs']['VolumeId']
ec2.get_waiter('volume_in_use').wait(VolumeIds=[volume])
assert ec2.modify_volume(VolumeId=volume, Size=20)['VolumeModification']['ModificationState'] == 'modifying'
refused('IncorrectModificationState', ec2.modify_volume, VolumeId=volume, Size=30)
while ec2.describe_volumes_modifications(VolumeIds=[volume])['VolumesModifications'][0]['ModificationState'] != 'completed': time.sleep(0.05)
refused('InvalidParameterValue', ec2.modify_volume, VolumeId=volume, Size=10)
assert ec2.describe_volumes(VolumeIds=[volume])['Volumes'][0]['Size'] == 20
snap = ec2.create_snapshot(VolumeId=volume, Description='d')['SnapshotId']
ec2.get_waiter('snapshot_completed').wait(SnapshotIds=[snap], WaiterConfig=FAST)
own = ec2.create_image(InstanceId=ids[0], Name='own image', NoReboot=True)['ImageId']
ec2.get_waiter('image_available').wait(ImageIds=[own], WaiterConfig=FAST)
assert [i['ImageId'] for i in ec2.describe_images(Owners=['self'])['Images']] == [own]
ec2.deregister_image(ImageId=own)
eni = ec2.describe_network_interfaces(Filters=[{'Name': 'attachment.instance-id', 'Values': ids}])['NetworkInterfaces']
assert len(eni) == 2
refused('DependencyViolation', ec2.delete_subnet, SubnetId=subnet)
refused('DependencyViolation', ec2.delete_security_group, GroupId=sg)
refused('OperationNotPermitted', ec2.terminate_instances, InstanceIds=ids)
ec2.modify_instance_attribute(InstanceId=ids[0], DisableApiTermination={'Value': False})
ec2.terminate_instances(InstanceIds=ids)
ec2.get_waiter('instance_terminated').wait(InstanceIds=ids, WaiterConfig=FAST)
refused('IdempotentInstanceTerminated', ec2.run_instances, **args)
ec2.disassociate_route_table(AssociationId=assoc)
ec2.delete_route(RouteTableId=rtb, DestinationCidrBlock='0.0.0.0/0')
ec2.delete_route_table(RouteTableId=rtb)
refused('DependencyViolation', ec2.delete_vpc, VpcId=vpc)
ec2.detach_internet_gateway(InternetGatewayId=igw, VpcId=vpc)
ec2.delete_internet_gateway(InternetGatewayId=igw)
ec2.revoke_security_group_ingress(GroupId=sg, IpPermissions=perm)
ec2.delete_security_group(GroupId=sg); ec2.delete_subnet(SubnetId=subnet); ec2.delete_vpc(VpcId=vpc)
refused('InvalidVpcID.NotFound', ec2.describe_vpcs, VpcIds=[vpc])
ec2.delete_key_pair(KeyName='made')
assert refused('InvalidInstanceID.NotFound', ec2.describe_instances, InstanceIds=['i-0123456789abcdef0']) == 400
refused('InvalidInstanceID.Malformed', ec2.describe_instances, InstanceIds=['nonsense'])
assert refused('SignatureDoesNotMatch', client(aws_secret_access_key='x').describe_vpcs) == 403
assert refused('AuthFailure', client(aws_access_key_id='AKIA' + 'X' * 16).describe_vpcs) == 401
assert refused('InvalidClientTokenId', client(aws_session_token='t').describe_vpcs) == 403
refused('SignatureDoesNotMatch', client(region_name='us-east-1').describe_vpcs)
refused('InvalidAction', ec2.describe_spot_price_history)
# the resource layer, too
res = boto3.resource('ec2', endpoint_url=endpoint, region_name=region, aws_access_key_id=key, aws_secret_access_key=secret)
i = res.create_instances(ImageId=ami, InstanceType='t3.nano', MinCount=1, MaxCount=1)[0]
i.create_tags(Tags=[{'Key': 'k', 'Value': 'v'}]); i.reload(); assert i.tags == [{'Key': 'k', 'Value': 'v'}] and i.vpc.is_default
i.terminate()
ec2.get_waiter('instance_terminated').wait(InstanceIds=[i.id], WaiterConfig=FAST)
print('boto3', boto3.__version__, 'ok')
