"""An instance from its launch to its end, each state waited for as botocore waits; tells what was seen after each step."""

import ec2

cloud = ec2.client()
seen = {}


def described(instance_id):
    (instance,) = ec2.instances_of(cloud.get_paginator('describe_instances').paginate(InstanceIds=[instance_id]))
    return instance


def state_after(name, waiter, instance_id):
    cloud.get_waiter(waiter).wait(InstanceIds=[instance_id], WaiterConfig=ec2.QUICK)
    seen[name] = described(instance_id)['State']['Name']


def newest_image():
    images = cloud.describe_images(Filters=[{'Name': 'state', 'Values': ['available']}])['Images']
    return max(images, key=lambda one: one['CreationDate'])


def launch():
    order = {
        'ImageId': newest_image()['ImageId'],
        'InstanceType': 't3.micro',
        'MinCount': 1,
        'MaxCount': 1,
        'ClientToken': 'launched-once',
        'TagSpecifications': [{'ResourceType': 'instance', 'Tags': [{'Key': 'Name', 'Value': 'made by boto3'}]}],
    }
    (instance,) = cloud.run_instances(**order)['Instances']
    (repeated,) = cloud.run_instances(**order)['Instances']
    seen['launched'] = {
        'state': instance['State']['Name'],
        'again': repeated['InstanceId'] == instance['InstanceId'],
    }
    return instance['InstanceId']


instance_id = launch()
state_after('ran', 'instance_running', instance_id)
cloud.get_waiter('instance_status_ok').wait(InstanceIds=[instance_id], WaiterConfig=ec2.QUICK)
instance = described(instance_id)
seen['described'] = {
    'type': instance['InstanceType'],
    'tags': ec2.tags_of(instance),
    'address': instance['PrivateIpAddress'],
    'cores': instance['CpuOptions']['CoreCount'] * instance['CpuOptions']['ThreadsPerCore'],
    'launched': instance['LaunchTime'].tzinfo is not None,
}

changes = cloud.stop_instances(InstanceIds=[instance_id])['StoppingInstances']
seen['stopping'] = [[one['PreviousState']['Name'], one['CurrentState']['Name']] for one in changes]
state_after('stopped', 'instance_stopped', instance_id)
cloud.start_instances(InstanceIds=[instance_id])
state_after('started', 'instance_running', instance_id)
cloud.terminate_instances(InstanceIds=[instance_id])
state_after('terminated', 'instance_terminated', instance_id)
ec2.tell(seen)
