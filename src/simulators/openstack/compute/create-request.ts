import { z } from 'zod';
import { badRequest } from './nova-error';

const name = z.string().min(1).max(255);
const text = z.string().max(255);

export const metadataSchema = z.record(z.string().min(1).max(255), text);

const networkSchema = z.strictObject({
  uuid: z.string().optional(),
  port: z.string().optional(),
  fixed_ip: z.string().optional(),
  tag: z.string().optional(),
});

/** Many at once: nothing else bounds them where the quota is looked at late. */
const countSchema = z.coerce.number().int().min(1).max(1_000).optional();

/** The root disk made of an image; disks of Cinder there are none. */
const imageDeviceSchema = z.looseObject({ source_type: z.literal('image'), uuid: z.string() });

const serverSchema = z.strictObject({
  name,
  flavorRef: z.union([z.string(), z.int()]).transform(String),
  imageRef: z.string().optional(),
  networks: z.union([z.enum(['auto', 'none']), z.array(networkSchema)]).optional(),
  metadata: metadataSchema.optional(),
  security_groups: z.array(z.strictObject({ name: z.string() })).optional(),
  key_name: z.string().optional(),
  user_data: z.string().max(65_535).nullable().optional(),
  config_drive: z.union([z.boolean(), z.enum(['true', 'false', 'True', 'False'])]).optional(),
  hostname: z.string().min(2).max(255).optional(),
  description: text.nullable().optional(),
  tags: z.array(z.string().min(1).max(60)).max(50).optional(),
  availability_zone: z.string().optional(),
  min_count: countSchema,
  max_count: countSchema,
  adminPass: z.string().optional(),
  personality: z.never().optional(),
  accessIPv4: z.string().optional(),
  accessIPv6: z.string().optional(),
  'OS-DCF:diskConfig': z.enum(['AUTO', 'MANUAL']).optional(),
  block_device_mapping_v2: z.array(imageDeviceSchema).max(1).optional(),
});

export type CreateRequest = z.output<typeof serverSchema>;

/** From which microversion on Nova knows a field. */
const SINCE: Readonly<Partial<Record<keyof CreateRequest, number>>> = {
  description: 19,
  tags: 52,
  hostname: 90,
};

/** @throws ApiError 400 in Nova's words */
export function readCreateRequest(body: unknown, microversion: number): CreateRequest {
  const inner: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'server') : undefined;
  if (inner === undefined) throw badRequest("'server' is a required property");
  const read = serverSchema.safeParse(inner);
  if (!read.success) throw badRequest(words(read.error));
  const { data } = read;
  const early = Object.entries(SINCE).find(([key, least]) => key in data && microversion < least);
  if (early) throw badRequest(unexpected(early[0]));
  if (microversion >= 37 && data.networks === undefined) {
    throw badRequest("Invalid input for field/attribute server. 'networks' is a required property");
  }
  if (microversion < 37 && typeof data.networks === 'string') {
    throw badRequest(`Invalid input for field/attribute networks. Value: ${data.networks}.`);
  }
  checkEncodings(data);
  return data;
}

function checkEncodings({ user_data: userData, hostname }: CreateRequest): void {
  if (userData != null && !isBase64(userData)) {
    throw badRequest(
      `Invalid input for field/attribute user_data. Value: ${userData}. '${userData}' is not a 'base64'`,
    );
  }
  if (hostname !== undefined && !/^[a-zA-Z0-9]+[a-zA-Z0-9-]*[a-zA-Z0-9]+$/.test(hostname)) {
    throw badRequest(`Invalid input for field/attribute hostname. Value: ${hostname}.`);
  }
}

function isBase64(value: string): boolean {
  const dense = value.replaceAll(/\s/g, '');
  return dense.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(dense);
}

function unexpected(key: string): string {
  return `Invalid input for field/attribute server. Additional properties are not allowed ('${key}' was unexpected)`;
}

function words({ issues }: z.ZodError): string {
  const [issue] = issues;
  if (issue?.code === 'unrecognized_keys') return unexpected(issue.keys[0] ?? '');
  return `Invalid input for field/attribute ${String(issue?.path.at(-1) ?? 'server')}. ${issue?.message ?? ''}`;
}
