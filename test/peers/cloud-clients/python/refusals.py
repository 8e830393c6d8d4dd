"""What EC2 refuses: as botocore tells it."""

import ec2
from botocore.exceptions import ClientError


def refusal_of(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        answer = error.response
        return [answer['Error']['Code'], answer['ResponseMetadata']['HTTPStatusCode']]
    return None


cloud = ec2.client()
nobody = 'i-0123456789abcdef0'
image = cloud.describe_images()['Images'][0]['ImageId']
order = {'ImageId': image, 'InstanceType': 't3.micro', 'MinCount': 1, 'MaxCount': 1}
ec2.tell(
    {
        'wrongSecret': refusal_of(ec2.client('another secret').describe_instances),
        'absent': refusal_of(cloud.describe_instances, InstanceIds=[nobody]),
        'malformed': refusal_of(cloud.stop_instances, InstanceIds=['nonsense']),
        'noImage': refusal_of(cloud.run_instances, **{**order, 'ImageId': 'ami-0123456789abcdef0'}),
        'noType': refusal_of(cloud.run_instances, **{**order, 'InstanceType': 'x9.enormous'}),
        'dryRun': refusal_of(cloud.run_instances, **order, DryRun=True),
    }
)
