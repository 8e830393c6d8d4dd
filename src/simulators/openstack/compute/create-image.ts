import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Image } from '../model/records';
import type { ApiResult } from '../wire/api-call';
import { readAs } from '../wire/read';
import type { ActionCall } from './action-call';
import { metadataSchema } from './create-request';
import { badRequest, wrongState } from './nova-error';

const argumentSchema = z.object({ name: z.string().min(1).max(255), metadata: metadataSchema.optional() });

/** A snapshot: an image of the server's disk, at first without content. */
export function createImage({ cloud, service, server, call, argument }: ActionCall): ApiResult {
  const { name, metadata = {} } = readAs(argumentSchema, argument, badRequest);
  if (!['active', 'stopped', 'suspended'].includes(server.vmState)) {
    throw wrongState('createImage', server.id, 'vm_state', server.vmState);
  }
  if (server.taskState !== null) throw wrongState('createImage', server.id, 'task_state', server.taskState);
  const source = cloud.world.images.get(server.imageId);
  const now = cloud.world.now();
  const image: Image = {
    id: randomUUID(),
    name,
    ownerId: server.projectId,
    visibility: 'private',
    status: 'queued',
    minDiskGib: server.flavor.diskGib,
    minMemoryMib: source?.minMemoryMib ?? 0,
    sizeBytes: null,
    properties: {
      image_type: 'snapshot',
      instance_uuid: server.id,
      base_image_ref: server.imageId,
      ...metadata,
    },
    createdAt: now,
    updatedAt: now,
  };
  cloud.world.images.set(image.id, image);
  service.begin(server, 'SNAPSHOT', { imageId: image.id });
  const location = `${call.origin}/image/v2/images/${image.id}`;
  // From 2.45 on the body says what before only the header did.
  return call.microversion >= 45
    ? { status: 202, body: { image_id: image.id } }
    : { status: 202, headers: { Location: location } };
}
