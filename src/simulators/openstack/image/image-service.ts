import type { Cloud } from '../model/cloud';
import type { Image } from '../model/records';
import type { ApiCall, ApiResult, OpenCall } from '../wire/api-call';
import { ApiError } from '../wire/api-error';
import { PATHS } from '../wire/paths';
import type { Route } from '../wire/route';
import type { Service } from '../wire/service';
import { isoSeconds } from '../wire/times';

const { root, version } = PATHS.image;
/** A page where nobody says how large, and the largest there is. */
const LIMITS = { usual: 25, most: 1_000 };

/** Glance v2, as far as one starts servers from images and makes images of servers. */
export function imageService(cloud: Cloud): Service {
  const versions = (status: number) => (call: OpenCall) => ({ status, body: versionsOf(call.origin) });
  return {
    root,
    version,
    openRoutes: [
      { method: 'GET', pattern: '/', handle: versions(300) },
      { method: 'GET', pattern: '/versions', handle: versions(200) },
    ],
    routes: imageRoutes(cloud),
    refuse: (status) => refusal(status, status === 400 ? 'Malformed JSON in request body.' : ''),
    unauthenticatedText: `401 Unauthorized\n\nThis server could not verify that you are authorized to access the document you requested.\n\n   `,
    overLimit: (seconds) => {
      const reply = refusal(429, 'This request was rate-limited.');
      return { ...reply, headers: { 'Retry-After': String(seconds) } };
    },
  };
}

/** Glance words its refusals as plain text. */
function refusal(status: number, message: string): ApiResult {
  const titles: Readonly<Record<number, string>> = {
    400: 'Bad Request',
    403: 'Forbidden',
    404: 'Not Found',
    405: 'Method Not Allowed',
    429: 'Too Many Requests',
  };
  const words = message || 'The resource could not be found.';
  return { status, body: `${status} ${titles[status] ?? ''}\n\n${words}\n\n   ` };
}

function versionsOf(origin: string) {
  const links = [{ rel: 'self', href: `${origin}${root}${version}/` }];
  const older = ['v2.13', 'v2.9', 'v2.8', 'v2.7', 'v2.6', 'v2.5', 'v2.4', 'v2.3', 'v2.2', 'v2.1', 'v2.0'];
  return {
    versions: [
      { id: 'v2.15', status: 'CURRENT', links },
      ...older.map((id) => ({ id, status: 'SUPPORTED', links })),
    ],
  };
}

function imageRoutes({ world }: Cloud): readonly Route[] {
  const visible = ({ caller }: ApiCall): readonly Image[] =>
    [...world.images.values()].filter(
      ({ visibility, ownerId }) => visibility === 'public' || ownerId === caller.projectId,
    );
  const one = (call: ApiCall): Image => {
    const id = call.params['id'] ?? '';
    const found = visible(call).find((image) => image.id === id);
    if (!found) throw new ApiError(refusal(404, `No image found with ID ${id}`));
    return found;
  };
  return [
    { method: 'GET', pattern: '/images', handle: (call) => list(visible(call), call) },
    { method: 'GET', pattern: '/images/:id', handle: (call) => ({ status: 200, body: view(one(call)) }) },
    {
      method: 'DELETE',
      pattern: '/images/:id',
      handle: (call) => {
        const image = one(call);
        if (image.ownerId !== call.caller.projectId) {
          throw new ApiError(refusal(403, 'You do not own this image'));
        }
        world.images.delete(image.id);
        world.changed();
        return { status: 204 };
      },
    },
  ];
}

const FILTERS: Readonly<Record<string, (image: Image) => string>> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  status: ({ status }) => status,
  visibility: ({ visibility }) => visibility,
  owner: ({ ownerId }) => ownerId,
};

function list(images: readonly Image[], { query }: ApiCall): ApiResult {
  const found = images.filter((image) =>
    [...query].every(([key, value]) => {
      const read = Object.hasOwn(FILTERS, key) ? FILTERS[key] : undefined;
      // `in:a,b` is one of several.
      const wanted = value.startsWith('in:') ? value.slice(3).split(',') : [value];
      return read ? wanted.includes(read(image)) : isControl(key) || image.properties[key] === value;
    }),
  );
  const newestFirst = found.toSorted((one, other) => other.createdAt - one.createdAt);
  const marker = query.get('marker');
  const at = marker === null ? -1 : newestFirst.findIndex(({ id }) => id === marker);
  if (marker !== null && at < 0) throw new ApiError(refusal(400, 'Invalid marker'));
  const limit = Math.min(Number(query.get('limit') ?? LIMITS.usual), LIMITS.most);
  const page = newestFirst.slice(at + 1, at + 1 + limit);
  return { status: 200, body: { images: page.map(view), ...pageLinks(query, page, limit) } };
}

function isControl(key: string): boolean {
  return /^(limit|marker|sort|sort_key|sort_dir|tag|member_status|os_hidden|created_at|updated_at)$/.test(
    key,
  );
}

function pageLinks(query: URLSearchParams, page: readonly Image[], limit: number) {
  const path = `${version}/images`;
  const first = query.size > 0 ? `${path}?${query.toString()}` : path;
  const last = page.at(-1);
  if (!last || page.length < limit) return { first, schema: '/v2/schemas/images' };
  const next = new URLSearchParams(query);
  next.set('marker', last.id);
  return { first, next: `${path}?${next.toString()}`, schema: '/v2/schemas/images' };
}

function view(image: Image) {
  const self = `${version}/images/${image.id}`;
  return {
    ...image.properties,
    id: image.id,
    name: image.name,
    status: image.status,
    visibility: image.visibility,
    owner: image.ownerId,
    protected: false,
    os_hidden: false,
    disk_format: 'qcow2',
    container_format: 'bare',
    min_disk: image.minDiskGib,
    min_ram: image.minMemoryMib,
    size: image.sizeBytes,
    virtual_size: null,
    checksum: null,
    tags: [],
    created_at: isoSeconds(image.createdAt),
    updated_at: isoSeconds(image.updatedAt),
    self,
    file: `${self}/file`,
    schema: '/v2/schemas/image',
  };
}
