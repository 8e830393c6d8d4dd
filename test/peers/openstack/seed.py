"""seed.py identity|cloud: makes what every instance has, unless it is there. Reads PASSWORD and NAME_port from the environment.

`identity` goes before the other services are started, `cloud` after.
"""

import os
import sys
import time

import requests

PASSWORD = os.environ['password']
USUAL = (200, 201, 202, 204)
COMPUTE_WAIT_S = 120


def url(service, path):
    return 'http://127.0.0.1:%s%s' % (os.environ[service + '_port'], path)


KEYSTONE, NOVA = url('keystone', '/v3'), url('nova', '/v2.1')
GLANCE, NEUTRON = url('glance', '/v2'), url('neutron', '/v2.0')

SERVICES = {
    'image': ('glance', url('glance', '')),
    'placement': ('placement', url('placement', '')),
    'compute': ('nova', NOVA),
    'network': ('neutron', url('neutron', '')),
}

# id: name, cores, memory in MiB, disk in GiB. No host has room for the last one.
FLAVORS = {
    '1': ('m1.tiny', 1, 512, 1),
    '2': ('m1.small', 1, 2_048, 20),
    '3': ('m1.medium', 2, 4_096, 40),
    '4': ('m1.large', 4, 8_192, 80),
    '5': ('m1.huge', 512, 1_048_576, 80),
}


class Administrator:
    def __init__(self):
        domain = {'id': 'default'}
        user = {'name': 'admin', 'domain': domain, 'password': PASSWORD}
        identity = {'methods': ['password'], 'password': {'user': user}}
        scope = {'project': {'name': 'admin', 'domain': domain}}
        auth = {'auth': {'identity': identity, 'scope': scope}}
        answer = requests.post(KEYSTONE + '/auth/tokens', json=auth, timeout=30)
        answer.raise_for_status()
        self.session = requests.Session()
        self.session.headers['X-Auth-Token'] = answer.headers['X-Subject-Token']

    def call(self, method, address, **rest):
        answer = self.session.request(method, address, timeout=60, **rest)
        if answer.status_code not in USUAL:
            sys.exit('%s %s: %s %s' % (method, address, answer.status_code, answer.text[:400]))
        return answer.json() if 'json' in answer.headers.get('content-type', '') and answer.content else {}

    def find(self, base, collection, name):
        found = self.call('GET', '%s/%s?name=%s' % (base, collection, name))[collection]
        return next((one for one in found if one['name'] == name), None)

    def ensure(self, base, collection, name, body):
        """Collections of Keystone and Neutron: the body goes under the name of one element."""
        there = self.find(base, collection, name)
        if there:
            return there
        element = collection[:-1]
        return self.call('POST', '%s/%s' % (base, collection), json={element: dict(body, name=name)})[element]


def seed_identity(admin):
    ids = {name: admin.ensure(KEYSTONE, 'roles', name, {})['id'] for name in ('admin', 'member', 'service')}

    def ensure_member(project, roles):
        project_id = admin.ensure(KEYSTONE, 'projects', project, {'domain_id': 'default'})['id']
        user = {'domain_id': 'default', 'password': PASSWORD, 'default_project_id': project_id}
        user_id = admin.ensure(KEYSTONE, 'users', project, user)['id']
        for role in roles:
            admin.call('PUT', '%s/projects/%s/users/%s/roles/%s' % (KEYSTONE, project_id, user_id, ids[role]))

    ensure_member('service', ('admin', 'service'))
    ensure_member('demo', ('member',))
    ensure_member('tiny', ('member',))
    seed_catalog(admin)


def seed_catalog(admin):
    known = {one['type']: one['id'] for one in admin.call('GET', KEYSTONE + '/services')['services']}
    told = admin.call('GET', KEYSTONE + '/endpoints')['endpoints']
    have = {(one['service_id'], one['interface']) for one in told}
    for kind, (name, address) in SERVICES.items():
        service = {'type': kind, 'name': name}
        service_id = known.get(kind) or admin.call('POST', KEYSTONE + '/services', json={'service': service})['service']['id']
        for interface in ('public', 'internal'):
            if (service_id, interface) in have:
                continue
            endpoint = {'service_id': service_id, 'interface': interface, 'url': address, 'region_id': 'RegionOne'}
            admin.call('POST', KEYSTONE + '/endpoints', json={'endpoint': endpoint})


def seed_cloud(admin):
    wait_for_compute(admin)
    seed_flavors(admin)
    seed_image(admin)
    seed_networks(admin)
    tiny = admin.find(KEYSTONE, 'projects', 'tiny')['id']
    quota = {'instances': 1, 'cores': 1, 'ram': 1_024}
    admin.call('PUT', '%s/os-quota-sets/%s' % (NOVA, tiny), json={'quota_set': quota})


def wait_for_compute(admin):
    """Until it reports, and the scheduler has found its host in the cell."""
    end = time.monotonic() + COMPUTE_WAIT_S
    while True:
        services = admin.call('GET', NOVA + '/os-services?binary=nova-compute')['services']
        if any(one['state'] == 'up' for one in services):
            if admin.call('GET', NOVA + '/os-hypervisors')['hypervisors']:
                return
        if time.monotonic() > end:
            sys.exit('nova-compute has not come up.')
        time.sleep(0.5)


def seed_flavors(admin):
    known = {one['id'] for one in admin.call('GET', NOVA + '/flavors')['flavors']}
    for key, (name, cores, memory, disk) in FLAVORS.items():
        flavor = {'id': key, 'name': name, 'vcpus': cores, 'ram': memory, 'disk': disk}
        if key not in known:
            admin.call('POST', NOVA + '/flavors', json={'flavor': flavor})


def seed_image(admin):
    if admin.find(GLANCE, 'images', 'cirros'):
        return
    image = {
        'name': 'cirros',
        'disk_format': 'raw',
        'container_format': 'bare',
        'visibility': 'public',
        'min_disk': 1,
        'os_distro': 'cirros',
    }
    made = admin.call('POST', GLANCE + '/images', json=image)
    raw = {'Content-Type': 'application/octet-stream'}
    admin.call('PUT', '%s/images/%s/file' % (GLANCE, made['id']), data=bytes(2**20), headers=raw)


def seed_networks(admin):
    shared = admin.ensure(NEUTRON, 'networks', 'shared', {'shared': True})
    public = admin.ensure(
        NEUTRON,
        'networks',
        'public',
        {
            'router:external': True,
            'provider:network_type': 'flat',
            'provider:physical_network': 'public',
        },
    )
    for name, network, more in (
        ('shared4', shared, {'cidr': '10.20.0.0/16'}),
        ('public4', public, {'cidr': '172.24.4.0/24', 'enable_dhcp': False}),
    ):
        admin.ensure(NEUTRON, 'subnets', name, {'network_id': network['id'], 'ip_version': 4, **more})


{'identity': seed_identity, 'cloud': seed_cloud}[sys.argv[1]](Administrator())
