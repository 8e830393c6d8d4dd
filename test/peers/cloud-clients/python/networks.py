"""A VPC with a subnet, and an instance on it; what is in use is not deleted."""

import ec2
from botocore.exceptions import ClientError

cloud = ec2.client()


def refusal_of(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        return error.response['Error']['Code']
    return None


vpc_id = cloud.create_vpc(CidrBlock='10.7.0.0/16')['Vpc']['VpcId']
cloud.get_waiter('vpc_available').wait(VpcIds=[vpc_id], WaiterConfig=ec2.QUICK)
subnet_id = cloud.create_subnet(VpcId=vpc_id, CidrBlock='10.7.1.0/24')['Subnet']['SubnetId']
cloud.get_waiter('subnet_available').wait(SubnetIds=[subnet_id], WaiterConfig=ec2.QUICK)

image = cloud.describe_images()['Images'][0]['ImageId']
order = {'ImageId': image, 'InstanceType': 't3.micro', 'MinCount': 1, 'MaxCount': 1, 'SubnetId': subnet_id}
instance_id = cloud.run_instances(**order)['Instances'][0]['InstanceId']
cloud.get_waiter('instance_running').wait(InstanceIds=[instance_id], WaiterConfig=ec2.QUICK)
(instance,) = ec2.instances_of([cloud.describe_instances(InstanceIds=[instance_id])])
in_use = refusal_of(cloud.delete_subnet, SubnetId=subnet_id)

cloud.terminate_instances(InstanceIds=[instance_id])
cloud.get_waiter('instance_terminated').wait(InstanceIds=[instance_id], WaiterConfig=ec2.QUICK)
cloud.delete_subnet(SubnetId=subnet_id)
cloud.delete_vpc(VpcId=vpc_id)
ec2.tell(
    {
        'address': instance['PrivateIpAddress'],
        'subnet': instance['SubnetId'] == subnet_id,
        'inUse': in_use,
        'gone': refusal_of(cloud.describe_vpcs, VpcIds=[vpc_id]),
    }
)
