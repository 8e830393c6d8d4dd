"""Launches a few instances, and finds them again page by page, by a filter of their tag; ends them."""

import ec2

LAUNCHED = 7

cloud = ec2.client()
image = cloud.describe_images()['Images'][0]['ImageId']
tag = {'Key': 'fleet', 'Value': 'pages'}
made = cloud.run_instances(
    ImageId=image,
    InstanceType='t3.micro',
    MinCount=LAUNCHED,
    MaxCount=LAUNCHED,
    TagSpecifications=[{'ResourceType': 'instance', 'Tags': [tag]}],
)['Instances']
ids = [one['InstanceId'] for one in made]

everything = cloud.get_paginator('describe_instances')
filters = [{'Name': 'tag:fleet', 'Values': ['pag*']}]
pages = list(everything.paginate(Filters=filters, PaginationConfig={'PageSize': 5}))
found = [one['InstanceId'] for one in ec2.instances_of(pages)]
all_of_them = ec2.instances_of(everything.paginate(PaginationConfig={'PageSize': 5}))

cloud.terminate_instances(InstanceIds=ids)
cloud.get_waiter('instance_terminated').wait(InstanceIds=ids, WaiterConfig=ec2.QUICK)
ec2.tell(
    {
        'pages': len(pages),
        'found': sorted(found) == sorted(ids),
        'amongOthers': len(all_of_them) > LAUNCHED,
        'twice': len(all_of_them) != len({one['InstanceId'] for one in all_of_them}),
    }
)
