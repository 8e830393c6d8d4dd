import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { IDE_ASSETS, IDE_PAGE, IDE_SCRIPT, IDE_STYLE, readIdeAsset } from './ide-assets';

/** GraphiQL sets styles from its scripts; scripts and connections stay with this origin. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

interface Cached {
  readonly body: Buffer;
  readonly etag: string;
}

function cached(body: Buffer): Cached {
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url')}"` };
}

/** Read at first use, since most gateways never show the page; a new version is told by its ETag. */
function assetRoute(app: FastifyInstance, name: string, type: string, read: () => Buffer): void {
  let asset: Cached | undefined;
  app.get(`/ide/${name}`, (request: FastifyRequest, reply: FastifyReply) => {
    asset ??= cached(read());
    void reply.headers({ etag: asset.etag, 'cache-control': 'no-cache' });
    if (request.headers['if-none-match'] === asset.etag) return reply.code(304).send();
    return reply.type(type).send(asset.body);
  });
}

/** GraphiQL on `GET /`, out of the installed packages: it works without any other host. */
export function registerIde(app: FastifyInstance): void {
  app.get('/', (_request, reply) =>
    reply
      .headers({ 'content-security-policy': CONTENT_SECURITY_POLICY, 'x-frame-options': 'DENY' })
      .type('text/html; charset=utf-8')
      .send(IDE_PAGE),
  );
  for (const [name, asset] of Object.entries(IDE_ASSETS)) {
    assetRoute(app, name, asset.type, () => readIdeAsset(asset));
  }
  assetRoute(app, 'page.js', 'text/javascript; charset=utf-8', () => Buffer.from(IDE_SCRIPT));
  assetRoute(app, 'page.css', 'text/css; charset=utf-8', () => Buffer.from(IDE_STYLE));
}
