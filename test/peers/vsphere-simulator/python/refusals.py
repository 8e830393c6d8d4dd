"""
What a vCenter refuses, and by which fault: of the call, or of the task that it began.

    refusals.py PORT CA
"""

import strict_reader
import vcenter
from pyVim.task import WaitForTask
from pyVmomi import vim

instance = vcenter.connect()
content = instance.RetrieveContent()
machines = {vm.name: vm for vm in vcenter.all_of(content, vim.VirtualMachine)}
running = next(vm for vm in machines.values() if vm.runtime.powerState == 'poweredOn')
stopped = next(vm for vm in machines.values() if vm.runtime.powerState == 'poweredOff' and not vm.config.template)
disk = next(one for one in stopped.config.hardware.device if isinstance(one, vim.vm.device.VirtualDisk))


def of_task(begin):
    """The fault of a task that began well, by its own words and by those of pyvmomi's waiting."""
    task = begin()
    raised = vcenter.fault_of(lambda: WaitForTask(task))
    fault = strict_reader.wsdl_name(type(task.info.error))
    return {'state': str(task.info.state), 'fault': fault, 'raised': raised, 'hasMessage': task.info.error.msg != ''}


def power_states():
    task = running.PowerOnVM_Task()
    vcenter.fault_of(lambda: WaitForTask(task))
    return [str(task.info.error.requestedState), str(task.info.error.existingState)]


def shrink():
    disk.capacityInBytes //= 2
    disk.capacityInKB //= 2
    change = vim.vm.device.VirtualDeviceSpec(operation='edit', device=disk)
    return stopped.ReconfigVM_Task(vim.vm.ConfigSpec(deviceChange=[change]))


def busy():
    """Two tasks on one VM: the second is refused for the first."""
    first, second = stopped.PowerOnVM_Task(), stopped.Rename_Task('while it starts')
    fault = vcenter.fault_of(lambda: WaitForTask(second))
    WaitForTask(first)
    WaitForTask(stopped.PowerOffVM_Task())
    return [fault, second.info.error.task == first]


def duplicate():
    try:
        running.parent.CreateFolder('twice')
        running.parent.CreateFolder('twice')
    except vim.fault.DuplicateName as fault:
        return [fault.name, fault.object.name]


template = next(vm for vm in machines.values() if vm.config.template)
vcenter.tell(
    {
        'powerOn': of_task(running.PowerOnVM_Task),
        'powerStates': power_states(),
        'powerOff': of_task(stopped.PowerOffVM_Task),
        'destroyRunning': of_task(running.Destroy_Task),
        'powerOnTemplate': of_task(template.PowerOnVM_Task),
        'renameToTaken': of_task(lambda: stopped.Rename_Task(running.name)),
        'cloneToTaken': of_task(
            lambda: template.CloneVM_Task(
                running.parent,
                running.name,
                vim.vm.CloneSpec(location=vim.vm.RelocateSpec(pool=running.resourcePool), powerOn=False, template=False),
            )
        ),
        'shrinkDisk': of_task(shrink),
        'busy': busy(),
        'duplicateFolder': duplicate(),
        'emptyName': vcenter.fault_of(lambda: running.parent.CreateFolder('')),
        'shutDownStopped': vcenter.fault_of(stopped.ShutdownGuest),
        'unknownMethod': vcenter.fault_of(running.QueryFaultToleranceCompatibility),
        'unknownObject': vcenter.fault_of(lambda: vim.VirtualMachine('vm-0', running._stub).PowerOnVM_Task()),
    }
)
