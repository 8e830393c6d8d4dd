import type { Cloud } from '../model/cloud';
import { isoMicroseconds } from '../wire/times';
import { catalog } from './catalog';
import type { Token } from './tokens';

/** The body of a token, as its holder reads it. */
export function tokenView(cloud: Cloud, token: Token, origin: string, withCatalog: boolean): object {
  const { world, options, landmarks } = cloud;
  const domain = { id: landmarks.domainId, name: options.domain };
  const user = world.users.get(token.userId);
  const project = world.projects.get(token.projectId);
  const credential = world.applicationCredentials.get(token.applicationCredentialId ?? '');
  return {
    token: {
      methods: token.methods,
      user: { domain, id: token.userId, name: user?.name, password_expires_at: null },
      audit_ids: [token.auditId],
      expires_at: isoMicroseconds(token.expiresAt),
      issued_at: isoMicroseconds(token.issuedAt),
      project: { domain, id: token.projectId, name: project?.name },
      is_domain: false,
      roles: ROLES,
      ...(withCatalog && { catalog: catalog(origin, options.region) }),
      ...(credential && {
        application_credential: {
          id: credential.id,
          name: credential.name,
          restricted: !credential.unrestricted,
        },
      }),
    },
  };
}

/** What every user here may be. */
export const ROLES = [
  { id: '57d4b6ccb9a64aedbd7b0b1d1a2c0d5e', name: 'member' },
  { id: '0a1d5f6a3c9e4c0c8a3a4b8a51f0a4f2', name: 'reader' },
];
