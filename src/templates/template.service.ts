import type { BackendDirectory, LiveBackend } from '../backends';
import { withUniqueName } from '../database';
import { idempotentRequest } from '../idempotency';
import type { IdempotencyStore, Keyed, Work } from '../idempotency';
import { invalidArgument, newId, requireFound, requireName } from '../kernel';
import type { Logger, TenantScope } from '../kernel';
import { unwatchedCall } from '../providers/contract';
import type { TenantService } from '../tenants';
import type { Realization, Template } from './template';
import type { TemplateStore } from './template.store';

const MAX_DISK_GIB = 65_536;
const MAX_IMAGE_REF = 500;

export interface RegisterTemplate extends Keyed {
  readonly name: string;
  readonly realizations: readonly { readonly backend: string; readonly imageRef: string }[];
  /** Null takes what the images need. */
  readonly minDiskGib: number | null;
  /** Null makes it available to every tenant. */
  readonly tenantId: string | null;
}

interface ResolvedRealization extends Realization {
  readonly minDiskGib: number;
}

export interface TemplateServices {
  readonly store: TemplateStore;
  readonly backends: BackendDirectory;
  readonly tenants: TenantService;
  readonly idempotency: IdempotencyStore;
  readonly logger: Logger;
}

export class TemplateService {
  constructor(private readonly services: TemplateServices) {}

  get store(): TemplateStore {
    return this.services.store;
  }

  /** @throws NOT_FOUND naming the field, where an input names the template */
  async get(scope: TenantScope, id: string, field?: string): Promise<Template> {
    const template = await this.store.find(this.store.database.reader, scope, id);
    return requireFound('Template', template, id, field);
  }

  /**
   * Adds a catalog entry after looking each image up on its backend. For administrators only: an image's reference may
   * name any file of a host.
   * @throws PERMISSION_DENIED, NOT_FOUND, INVALID_ARGUMENT, ALREADY_EXISTS, UNAVAILABLE when a backend is
   */
  async register(scope: TenantScope, input: RegisterTemplate): Promise<Template> {
    scope.requireAdministrator();
    if (input.tenantId !== null) await this.services.tenants.get(scope, input.tenantId, 'input.tenantId');
    const request = idempotentRequest('registerTemplate', input.tenantId, input);
    const { templateId } = await withUniqueName('input.name', 'another template', () =>
      this.services.idempotency.oncePrepared(request, () => this.prepare(input)),
    );
    return this.get(scope, templateId);
  }

  private async prepare(input: RegisterTemplate): Promise<Work<{ readonly templateId: string }>> {
    const name = requireName('input.name', input.name);
    const resolved = await this.resolveAll(input.realizations);
    const template = {
      id: newId('template'),
      tenantId: input.tenantId,
      name,
      minDiskGib: this.leastDisk(input.minDiskGib, resolved),
      realizations: resolved.map(({ backendId, imageRef }) => ({ backendId, imageRef })),
    };
    return async (session) => {
      const createdAt = await this.store.database.now(session);
      await this.store.insert(session, { ...template, createdAt });
      return { templateId: template.id };
    };
  }

  private async resolveAll(wanted: RegisterTemplate['realizations']): Promise<ResolvedRealization[]> {
    if (wanted.length === 0) throw invalidArgument('input.realizations', 'name at least one.');
    const resolved: ResolvedRealization[] = [];
    for (const [index, { backend, imageRef }] of wanted.entries()) {
      const field = `input.realizations[${String(index)}]`;
      const live = this.services.backends.resolve(backend, `${field}.backend`);
      if (resolved.some(({ backendId }) => backendId === live.backend.id)) {
        throw invalidArgument(`${field}.backend`, 'is named twice.');
      }
      resolved.push(await this.resolveOne(live, imageRef, `${field}.imageRef`));
    }
    return resolved;
  }

  private async resolveOne(
    { backend, provider }: LiveBackend,
    imageRef: string,
    field: string,
  ): Promise<ResolvedRealization> {
    if (imageRef === '' || imageRef.length > MAX_IMAGE_REF || /\p{Cc}/u.test(imageRef)) {
      throw invalidArgument(
        field,
        `must be 1 to ${String(MAX_IMAGE_REF)} characters without control characters.`,
      );
    }
    const call = unwatchedCall(AbortSignal.timeout(30_000), this.services.logger);
    const image = await provider.resolveImage(imageRef, call);
    if (!image) throw invalidArgument(field, `the backend ${backend.name} has no such image.`);
    return { backendId: backend.id, imageRef, minDiskGib: image.minDiskGib };
  }

  private leastDisk(wanted: number | null, resolved: readonly ResolvedRealization[]): number {
    const needed = Math.max(...resolved.map(({ minDiskGib }) => minDiskGib));
    if (wanted === null) return needed;
    if (wanted < needed || wanted > MAX_DISK_GIB) {
      throw invalidArgument(
        'input.minDiskGib',
        `must be from ${String(needed)}, which the images need, to ${String(MAX_DISK_GIB)}.`,
      );
    }
    return wanted;
  }
}
