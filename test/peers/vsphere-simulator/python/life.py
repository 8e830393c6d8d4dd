"""
The life of a VM, from a template to its end; each step tells what is true after it.

    life.py PORT CA
"""

import vcenter
from pyVim.task import WaitForTask
from pyVmomi import vim, vmodl

NAME = 'made by python: 50% of <a> & "b"'
RENAMED = 'renamed/by python'

instance = vcenter.connect()
content = instance.RetrieveContent()
collector = content.propertyCollector
seen = {}


def watched(task):
    """Every progress that a task is seen to have, by a filter as graphical clients have one; then its result."""
    query = vmodl.query.PropertyCollector
    spec = query.FilterSpec(
        objectSet=[query.ObjectSpec(obj=task)],
        propSet=[query.PropertySpec(type=vim.Task, pathSet=['info.state', 'info.progress'])],
    )
    change_filter = collector.CreateFilter(spec, True)
    values, states, version = [], [], ''
    try:
        while not states or states[-1] not in ('success', 'error'):
            updates = collector.WaitForUpdatesEx(version, query.WaitOptions(maxWaitSeconds=60))
            version = updates.version
            for change in updates.filterSet[0].objectSet[0].changeSet:
                if change.name == 'info.state':
                    states.append(str(change.val))
                elif change.val is not None:
                    values.append(change.val)
    finally:
        change_filter.Destroy()
    return {'progress': values, 'states': states}, task.info.result


def clone():
    template = next(vm for vm in vcenter.all_of(content, vim.VirtualMachine) if vm.name == 'debian-12')
    pool = vcenter.all_of(content, vim.ClusterComputeResource)[0].resourcePool
    spec = vim.vm.CloneSpec(location=vim.vm.RelocateSpec(pool=pool), powerOn=False, template=False)
    task = template.CloneVM_Task(template.parent, NAME.replace('%', '%25'), spec)
    seen['clone'], machine = watched(task)
    seen['clone'].update(
        entity=task.info.entityName,
        user=task.info.reason.userName,
        isInFolder=machine in template.parent.childEntity,
    )
    return machine


def power_on(machine):
    task = machine.PowerOnVM_Task()
    seen['powerOn'] = {'ended': str(WaitForTask(task)), 'power': machine.runtime.powerState}


def reconfigure(machine):
    """A disk and a name to find it by, while it runs."""
    controller = next(
        one for one in machine.config.hardware.device if isinstance(one, vim.vm.device.VirtualSCSIController)
    )
    backing = vim.vm.device.VirtualDisk.FlatVer2BackingInfo(diskMode='persistent', thinProvisioned=True)
    disk = vim.vm.device.VirtualDisk(
        key=-1, controllerKey=controller.key, unitNumber=1, capacityInKB=2 << 20, backing=backing
    )
    change = vim.vm.device.VirtualDeviceSpec(operation='add', fileOperation='create', device=disk)
    marks = [vim.option.OptionValue(key='guestinfo.mark', value='a < b & "c"\té\n')]
    before = machine.config.changeVersion
    WaitForTask(
        machine.ReconfigVM_Task(vim.vm.ConfigSpec(annotation='of python', extraConfig=marks, deviceChange=[change]))
    )
    seen['reconfigure'] = {
        'annotation': machine.config.annotation,
        'marks': [one.value for one in machine.config.extraConfig if one.key == 'guestinfo.mark'],
        'disksGib': [
            one.capacityInBytes >> 30
            for one in machine.config.hardware.device
            if isinstance(one, vim.vm.device.VirtualDisk)
        ],
        'isNewVersion': machine.config.changeVersion != before,
    }


def snapshot(machine):
    WaitForTask(machine.CreateSnapshot_Task('before', 'a description', False, False))
    tree = machine.snapshot.rootSnapshotList
    WaitForTask(tree[0].snapshot.RevertToSnapshot_Task())
    seen['snapshot'] = {
        'names': [one.name for one in tree],
        'power': machine.runtime.powerState,
        'isCurrent': machine.snapshot.currentSnapshot == tree[0].snapshot,
    }
    WaitForTask(machine.RemoveAllSnapshots_Task())
    seen['snapshot']['left'] = machine.snapshot and len(machine.snapshot.rootSnapshotList)


def resize(machine):
    """What a VM that is off allows."""
    WaitForTask(machine.ReconfigVM_Task(vim.vm.ConfigSpec(numCPUs=2, memoryMB=2048)))
    hardware = machine.config.hardware
    seen['resize'] = [hardware.numCPU, hardware.memoryMB, machine.summary.config.numCpu]


def rename(machine):
    before = machine.name
    WaitForTask(machine.Rename_Task(RENAMED.replace('/', '%2f')))
    seen['rename'] = [before, machine.name]


def destroy(machine):
    WaitForTask(machine.Destroy_Task())
    names = [vm.name for vm in vcenter.all_of(content, vim.VirtualMachine)]
    seen['destroy'] = {'names': sorted(names), 'fault': vcenter.fault_of(lambda: machine.name)}


made = clone()
power_on(made)
reconfigure(made)
snapshot(made)
resize(made)
rename(made)
destroy(made)
vcenter.tell(seen)
