import { AppError, notFound } from './app-error';

/** What a member of a tenant may do: a VIEWER reads, an OPERATOR changes, an OWNER also hands out access. */
export const ROLES = ['OWNER', 'OPERATOR', 'VIEWER'] as const;
export type Role = (typeof ROLES)[number];

const RANK: Readonly<Record<Role, number>> = { VIEWER: 1, OPERATOR: 2, OWNER: 3 };

/**
 * On whose behalf a store is asked. Every store method takes one, so that forgetting the tenant is a type
 * error and not a leak.
 */
export class TenantScope {
  private constructor(
    /** The only tenant whose rows are visible; null sees all of them. */
    readonly tenantId: string | null,
    /** Null stands for the provider's administrator and for the system itself. */
    readonly role: Role | null,
    /** Who acts, for audit: a token's id, `administrator` or `system`. */
    readonly actor: string,
  ) {}

  static administrator(): TenantScope {
    return new TenantScope(null, null, 'administrator');
  }

  /** For the engine and other parts that act on nobody's behalf. */
  static system(): TenantScope {
    return new TenantScope(null, null, 'system');
  }

  static member(tenantId: string, role: Role, actor: string): TenantScope {
    return new TenantScope(tenantId, role, actor);
  }

  get isAdministrator(): boolean {
    return this.tenantId === null;
  }

  /**
   * Equal for scopes that may see and do exactly the same, so that an answer made for one may be given to the
   * other. Who acts is no part of it: nothing that is shared may tell.
   */
  get audience(): string {
    return JSON.stringify([this.tenantId, this.role]);
  }

  sees(tenantId: string | null): boolean {
    return this.tenantId === null || this.tenantId === tenantId;
  }

  allows(role: Role): boolean {
    return this.role === null || RANK[this.role] >= RANK[role];
  }

  /** @throws PERMISSION_DENIED */
  requireRole(role: Role): void {
    if (!this.allows(role)) {
      throw new AppError(
        'PERMISSION_DENIED',
        `This needs the role ${role}; the token has ${String(this.role)}.`,
      );
    }
  }

  /** @throws PERMISSION_DENIED */
  requireAdministrator(): void {
    if (!this.isAdministrator) {
      throw new AppError('PERMISSION_DENIED', 'This needs the administrator of the installation.');
    }
  }

  /**
   * The tenant that a request means: the one it names, or the caller's own when it names none.
   * @throws NOT_FOUND when it names a tenant that this scope must not know of
   * @throws INVALID_ARGUMENT when an administrator names none
   */
  resolveTenant(tenantId: string | null | undefined, field: string): string {
    const wanted = tenantId ?? this.tenantId;
    if (wanted === null) {
      throw new AppError('INVALID_ARGUMENT', `${field}: an administrator has to name the tenant.`, {
        details: { field },
      });
    }
    if (!this.sees(wanted)) throw notFound('Tenant', wanted, field);
    return wanted;
  }
}
