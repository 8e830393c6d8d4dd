"""Nova's own fake hypervisor, made to take its time, to fail when it is told to, and to outlive nova-compute.

The metadata of a server says what happens to it: `x-delay` is how many seconds each operation takes, `x-fail` the name
of the operation that fails, for example `spawn`.
"""

import io
import time

from nova import context as nova_context
from nova import exception
from nova import objects
from nova.compute import power_state
from nova.compute import task_states
from nova.image import glance
from nova.virt import fake

USUAL_DELAY_S = 0.5


class TryingDriver(fake.FakeDriver):
    capabilities = dict(fake.FakeDriver.capabilities, supports_migrate_to_same_host=True)
    vcpus = 64
    memory_mb = 128 * 1024
    local_gb = 2_000

    def init_host(self, host):
        """The fake keeps its guests in memory; a hypervisor's are still there when nova-compute comes back."""
        super().init_host(host)
        admin = nova_context.get_admin_context()
        for instance in objects.InstanceList.get_by_host(admin, host, expected_attrs=['flavor']):
            if instance.power_state == power_state.NOSTATE:
                continue  # it never came to be
            guest = fake.FakeInstance(instance.name, instance.power_state, instance.uuid)
            self.instances[instance.uuid] = guest
            size = instance.flavor
            self.resources.claim(vcpus=size.vcpus, mem=size.memory_mb, disk=size.root_gb)

    def _try(self, operation, instance):
        metadata = instance.metadata or {}
        time.sleep(float(metadata.get('x-delay', USUAL_DELAY_S)))
        if metadata.get('x-fail') == operation:
            raise exception.NovaException('%s fails as it was told to' % operation)

    def spawn(self, context, instance, *args, **kwargs):
        self._try('spawn', instance)
        super().spawn(context, instance, *args, **kwargs)

    def power_on(self, context, instance, *args, **kwargs):
        self._try('power_on', instance)
        super().power_on(context, instance, *args, **kwargs)

    def power_off(self, instance, *args, **kwargs):
        self._try('power_off', instance)
        super().power_off(instance, *args, **kwargs)

    def destroy(self, context, instance, *args, **kwargs):
        self._try('destroy', instance)
        super().destroy(context, instance, *args, **kwargs)

    def reboot(self, context, instance, *args, **kwargs):
        self._try('reboot', instance)
        super().reboot(context, instance, *args, **kwargs)

    def suspend(self, context, instance):
        self._try('suspend', instance)
        self.instances[instance.uuid].state = power_state.SUSPENDED

    def resume(self, context, instance, *args, **kwargs):
        self._try('resume', instance)
        self.instances[instance.uuid].state = power_state.RUNNING

    def snapshot(self, context, instance, image_id, update_task_state):
        """Unlike the fake's, it brings an image to Glance."""
        update_task_state(task_state=task_states.IMAGE_PENDING_UPLOAD)
        self._try('snapshot', instance)
        update_task_state(
            task_state=task_states.IMAGE_UPLOADING,
            expected_state=task_states.IMAGE_PENDING_UPLOAD,
        )
        images = glance.API()
        image = {
            'name': images.get(context, image_id)['name'],
            'disk_format': 'raw',
            'container_format': 'bare',
            'status': 'active',
            'properties': {},
        }
        content = io.BytesIO(b'disk of ' + instance.uuid.encode())
        images.update(context, image_id, image, content, purge_props=False)
