import type { Credentials } from '../options';

/** The body of `POST /v3/auth/tokens`. */
export function signIn(credentials: Credentials): object {
  if (credentials.method === 'application_credential') {
    const { id, secret } = credentials;
    // Its project is its own: a scope must not be asked for.
    return {
      auth: { identity: { methods: ['application_credential'], application_credential: { id, secret } } },
    };
  }
  const { username, password, project } = credentials;
  const domain = { name: credentials.domain };
  return {
    auth: {
      identity: { methods: ['password'], password: { user: { name: username, domain, password } } },
      scope: { project: { name: project, domain } },
    },
  };
}
