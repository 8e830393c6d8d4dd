"""What the scripts for EC2 have in common: a client of botocore's as it is, but for the address.

    SCRIPT ENDPOINT ACCESS_KEY_ID SECRET_ACCESS_KEY
"""

import json
import sys

import boto3
from botocore.config import Config

# Quicker than botocore's fifteen seconds; the waiters are its own.
QUICK = {'Delay': 1, 'MaxAttempts': 60}


def client(secret=None):
    endpoint, key_id, right_secret = sys.argv[1:]
    return boto3.client(
        'ec2',
        region_name='eu-central-1',
        endpoint_url=endpoint,
        aws_access_key_id=key_id,
        aws_secret_access_key=secret or right_secret,
        config=Config(retries={'max_attempts': 2}),
    )


def instances_of(pages):
    return [one for page in pages for group in page['Reservations'] for one in group['Instances']]


def tags_of(thing):
    return {tag['Key']: tag['Value'] for tag in thing.get('Tags', [])}


def tell(seen):
    json.dump(seen, sys.stdout, default=str)
