import type { ReceivedRequest } from '../../network/faulty-endpoint';

const UUID = /^(?:[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12})$/i;
/** What follows a collection and is no id. */
const WORDS = new Set(['detail', 'action', 'metadata', 'tags', 'os-interface', 'ips', 'file']);

/**
 * What orders of faults call a request: its method and the collection, without the service and its version. A last id
 * is written `id`, ids on the way are left out, an action is named after a colon: `POST tokens`, `GET servers/detail`,
 * `GET servers/id`, `POST servers/action:os-start`, `PUT routers/add_router_interface`.
 */
export function requestName({ method, url, body }: ReceivedRequest): string {
  const [path = ''] = url.split('?', 1);
  const segments = path.split('/').filter((segment) => segment !== '');
  const rest = segments.slice(2).filter((segment) => segment !== 'auth');
  const words = rest.flatMap((segment, index) => {
    if (!isId(segment, index)) return [segment];
    return index === rest.length - 1 ? ['id'] : [];
  });
  const name = `${method} ${words.join('/') || path}`;
  return words.at(-1) === 'action' ? `${name}:${actionIn(body)}` : name;
}

function isId(segment: string, index: number): boolean {
  return UUID.test(segment) || (index % 2 === 1 && !WORDS.has(segment) && !/^(add|remove)_/.test(segment));
}

function actionIn(body: string): string {
  try {
    return Object.keys(JSON.parse(body) as object)[0] ?? '';
  } catch {
    return '';
  }
}
