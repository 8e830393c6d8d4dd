"""
Lists every VM as a script of an administrator would, property by property.

    machines.py PORT CA
"""

import vcenter
from pyVmomi import vim


def describe(machine):
    # Each is one call: what is read together belongs together.
    config, guest = machine.config, machine.guest
    devices = config.hardware.device
    return {
        'name': machine.name,
        'uuid': config.uuid,
        'template': config.template,
        'power': machine.runtime.powerState,
        'cpus': config.hardware.numCPU,
        'memoryMib': config.hardware.memoryMB,
        'summary': [machine.summary.config.numCpu, machine.summary.config.memorySizeMB],
        'disks': [one.capacityInBytes for one in devices if isinstance(one, vim.vm.device.VirtualDisk)],
        'cards': [one.macAddress for one in devices if isinstance(one, vim.vm.device.VirtualEthernetCard)],
        'guest': {
            'running': guest.toolsRunningStatus == 'guestToolsRunning',
            'addresses': [address for card in guest.net for address in card.ipAddress],
        },
        'path': path_of(machine),
        'host': machine.runtime.host.name,
        'cluster': machine.resourcePool.owner.name if machine.resourcePool else None,
        'snapshots': machine.snapshot and len(machine.snapshot.rootSnapshotList),
    }


def path_of(entity):
    names = []
    while entity.parent:
        names.insert(0, entity.name)
        entity = entity.parent
    return '/'.join(names)


instance = vcenter.connect()
content = instance.RetrieveContent()
found = vcenter.all_of(content, vim.VirtualMachine)
# By a search for what was listed the same objects are found.
assert [content.searchIndex.FindByInventoryPath(path_of(one)) for one in found] == found
assert [content.searchIndex.FindByUuid(None, one.config.uuid, True) for one in found] == found
vcenter.tell(
    {
        'apiVersion': instance._stub.version,
        'about': content.about.apiType,
        'machines': sorted(map(describe, found), key=lambda one: one['name']),
    }
)
