"""
Does a little of everything to an inventory, then reads every property of every object that can be reached from the
service instance, all with a reader that holds each reply against the WSDL.

    walk.py PORT CA
"""

import vcenter
import strict_reader
from pyVim.task import WaitForTask
from pyVmomi import VmomiSupport, vim, vmodl

PAGE = 50


def result_of(task):
    WaitForTask(task)
    return task.info.result


def exercise(content):
    """Leaves behind whatever an inventory can hold, in as many states as there are."""
    [datacenter] = vcenter.all_of(content, vim.Datacenter)
    [cluster] = vcenter.all_of(content, vim.ClusterComputeResource)
    machines = {vm.name: vm for vm in vcenter.all_of(content, vim.VirtualMachine)}
    folder = datacenter.vmFolder.CreateFolder('walked')
    pool = cluster.resourcePool.CreateResourcePool('walked', pool_spec())
    exercise_networks(datacenter, cluster)
    clone = clone_of(machines['debian-12'], folder, pool)
    exercise_machine(content, clone)
    exercise_states(machines)
    created = create_machine(datacenter, pool, cluster)
    lease = created.ExportVm()
    held = [content.viewManager.CreateListView([clone]), lease]
    expect_refusals(content, machines, folder)
    return held


def pool_spec():
    share = vim.SharesInfo(level='high', shares=0)
    allocation = vim.ResourceAllocationInfo(reservation=128, expandableReservation=True, limit=-1, shares=share)
    return vim.ResourceConfigSpec(cpuAllocation=allocation, memoryAllocation=allocation)


def exercise_networks(datacenter, cluster):
    policy = vim.host.NetworkPolicy()
    group = vim.host.PortGroup.Specification(name='walked', vlanId=7, vswitchName='vSwitch0', policy=policy)
    cluster.host[0].configManager.networkSystem.AddPortGroup(group)
    vlan = vim.dvs.VmwareDistributedVirtualSwitch.VlanIdSpec(inherited=False, vlanId=8)
    setting = vim.dvs.VmwareDistributedVirtualSwitch.VmwarePortConfigPolicy(vlan=vlan)
    spec = vim.dvs.DistributedVirtualPortgroup.ConfigSpec(
        name='walked-dv', type='earlyBinding', numPorts=8, defaultPortConfig=setting
    )
    [switch] = [one for one in datacenter.networkFolder.childEntity if isinstance(one, vim.DistributedVirtualSwitch)]
    WaitForTask(switch.AddDVPortgroup_Task([spec]))


def clone_of(template, folder, pool):
    extra = [vim.option.OptionValue(key='guestinfo.walked', value='<&">')]
    config = vim.vm.ConfigSpec(numCPUs=2, memoryMB=512, annotation='of a walk', extraConfig=extra)
    location = vim.vm.RelocateSpec(pool=pool)
    spec = vim.vm.CloneSpec(location=location, config=config, powerOn=True, template=False)
    clone = result_of(template.CloneVM_Task(folder, 'walked', spec))
    # Its power-on is a task of its own, which begins when that of the clone ends.
    for task in clone.recentTask:
        WaitForTask(task)
    return clone


def exercise_machine(content, machine):
    """Snapshots of a running machine, a disk and a card that were added, a field, a ticket."""
    WaitForTask(machine.CreateSnapshot_Task('first', 'with memory', True, False))
    WaitForTask(machine.CreateSnapshot_Task('second', '', False, False))
    WaitForTask(machine.CreateSnapshot_Task('third', '', False, False))
    WaitForTask(machine.snapshot.rootSnapshotList[0].snapshot.RevertToSnapshot_Task())
    WaitForTask(machine.CreateSnapshot_Task('branch', '', False, True))
    WaitForTask(machine.ReconfigVM_Task(vim.vm.ConfigSpec(deviceChange=new_devices(machine))))
    field = content.customFieldsManager.AddCustomFieldDef('walked', vim.VirtualMachine)
    content.customFieldsManager.SetField(machine, field.key, 'a value')
    if machine.runtime.powerState == 'poweredOn':
        machine.AcquireTicket('webmks')


def new_devices(machine):
    [controller] = [
        device for device in machine.config.hardware.device if isinstance(device, vim.vm.device.VirtualSCSIController)
    ]
    backing = vim.vm.device.VirtualDisk.FlatVer2BackingInfo(fileName='', diskMode='persistent', thinProvisioned=True)
    disk = vim.vm.device.VirtualDisk(
        key=-1,
        controllerKey=controller.key,
        unitNumber=1,
        capacityInKB=1024 * 1024,
        capacityInBytes=1024 * 1024 * 1024,
        backing=backing,
    )
    network = vim.vm.device.VirtualEthernetCard.NetworkBackingInfo(deviceName='VM Network')
    card = vim.vm.device.VirtualVmxnet3(key=-2, backing=network, addressType='generated')
    change = vim.vm.device.VirtualDeviceSpec
    return [change(operation='add', fileOperation='create', device=disk), change(operation='add', device=card)]


def exercise_states(machines):
    WaitForTask(machines['vm-0000'].SuspendVM_Task())
    WaitForTask(machines['vm-0001'].PowerOnVM_Task())
    WaitForTask(machines['vm-0003'].RelocateVM_Task(vim.vm.RelocateSpec(datastore=other_datastore(machines['vm-0003']))))
    machines['vm-0002'].ShutdownGuest()


def other_datastore(machine):
    used = machine.datastore[0]
    return next(one for one in machine.runtime.host.datastore if one != used)


def create_machine(datacenter, pool, cluster):
    files = vim.vm.FileInfo(vmPathName=f'[{cluster.datastore[0].name}]')
    spec = vim.vm.ConfigSpec(name='walked-new', numCPUs=1, memoryMB=256, guestId='otherGuest', files=files)
    return result_of(datacenter.vmFolder.CreateVM_Task(spec, pool))


def expect_refusals(content, machines, folder):
    """Faults are data objects too."""
    refused = [
        lambda: WaitForTask(machines['vm-0001'].PowerOnVM_Task()),
        lambda: WaitForTask(machines['vm-0001'].Rename_Task('vm-0002')),
        lambda: folder.parent.CreateFolder('walked'),
        lambda: vim.VirtualMachine('vm-0', folder._stub).config,
        lambda: machines['vm-0001'].RelocateVM_Task(vim.vm.RelocateSpec(datastore=vim.Datastore('none'))),
        lambda: content.searchIndex.FindByUuid(None, '', True),
        lambda: machines['vm-0001'].StandbyGuest(),
        lambda: content.customFieldsManager.AddCustomFieldDef('walked', vim.VirtualMachine),
    ]
    return [vcenter.fault_of(one) for one in refused]


def references_in(value):
    if isinstance(value, VmomiSupport.ManagedObject):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from references_in(item)
    elif isinstance(value, VmomiSupport.DataObject):
        for info in value._GetPropertyList():
            yield from references_in(getattr(value, info.name))


class Walker:
    """Reads objects once, and those that they refer to."""

    def __init__(self, content, version):
        self.collector = content.propertyCollector
        self.version = version
        self.kinds = {}
        self.known = set()
        self.properties = 0
        self.missing = set()
        self.gone = set()
        self.absent = set()

    def walk(self, start):
        waiting = list(start)
        self.known.update(waiting)
        while waiting:
            one = waiting.pop()
            for found in self.read(one):
                if found not in self.known:
                    self.known.add(found)
                    waiting.append(found)

    def read(self, one):
        spec = vmodl.query.PropertyCollector.FilterSpec(
            objectSet=[vmodl.query.PropertyCollector.ObjectSpec(obj=one)],
            propSet=[vmodl.query.PropertyCollector.PropertySpec(type=type(one), all=True)],
        )
        options = vmodl.query.PropertyCollector.RetrieveOptions(maxObjects=PAGE)
        kind = strict_reader.wsdl_name(type(one))
        try:
            [content] = self.collector.RetrievePropertiesEx([spec], options).objects
        except vmodl.fault.ManagedObjectNotFound:
            self.gone.add(kind)
            return
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        self.properties += len(content.propSet)
        self.missing.update(f'{kind}.{item.path}: {strict_reader.wsdl_name(type(item.fault))}' for item in content.missingSet)
        names = {item.name for item in content.propSet}
        for name in strict_reader.required_properties(type(one), self.version):
            if name not in names:
                self.absent.add(f'{kind}.{name}')
        for item in content.propSet:
            strict_reader.check_property(type(one), item.name, item.val)
            yield from references_in(item.val)


def main():
    instance = vcenter.connect()
    content = instance.RetrieveContent()
    held = exercise(content)
    walker = Walker(content, instance._stub.version)
    walker.walk([instance, *held, *content.taskManager.recentTask])
    vcenter.tell(
        {
            'kinds': walker.kinds,
            'properties': walker.properties,
            'missing': sorted(walker.missing),
            'gone': sorted(walker.gone),
            'absent': sorted(walker.absent),
            'read': strict_reader.read,
        }
    )


main()
