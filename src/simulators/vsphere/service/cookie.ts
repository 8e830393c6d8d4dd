const NAME = 'vmware_soap_session';

/** Quoted, as vCenter writes it. Clients send it back with the quotes or without, and pyvmomi with all attributes. */
export function writeCookie(token: string, secure: boolean): string {
  return `${NAME}="${token}"; Path=/; HttpOnly; ${secure ? 'Secure; ' : ''}`;
}

/** The token in a `Cookie` header; null where there is none. */
export function readCookie(header: string | undefined): string | null {
  const found = new RegExp(`(?:^|[;,\\s])${NAME}="?([^";,\\s]*)"?`).exec(header ?? '');
  return found?.[1] || null;
}
