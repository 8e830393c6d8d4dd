import { childrenOf } from '../vim/element';
import { VimFault } from '../vim/fault';
import { invalidArgument, requireText } from './arguments';
import { Overloaded } from './overloaded';
import type { ServiceCall, ServiceTable } from './service-method';
import type { Sessions } from './sessions';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Login, logout, and what administrators do to the sessions of others. */
export function sessionManagerMethods(sessions: Sessions, credentials: Credentials): ServiceTable {
  return {
    type: 'SessionManager',
    withoutSession: ['Login'],
    methods: {
      Login: (call) => login(call, sessions, credentials),
      Logout: (call) => {
        if (call.session) sessions.end(call.session);
        return undefined;
      },
      SessionIsActive: (call) => {
        const session = sessions.withKey(requireText(call.request, 'sessionID'));
        return session?.userName === requireText(call.request, 'userName');
      },
      TerminateSession: (call) => terminate(call, sessions),
    },
  };
}

function login(call: ServiceCall, sessions: Sessions, credentials: Credentials) {
  const username = requireText(call.request, 'userName');
  const password = requireText(call.request, 'password');
  const isRight = username === credentials.username && password === credentials.password;
  if (call.session || !isRight) {
    throw new VimFault(
      'InvalidLogin',
      {},
      'Cannot complete login due to an incorrect user name or password.',
    );
  }
  const session = sessions.open(username, call.client);
  if (!session) throw new Overloaded('The maximum number of sessions has been exceeded.');
  call.setCookie(session.token);
  return session.describe();
}

function terminate(call: ServiceCall, sessions: Sessions): undefined {
  const keys = childrenOf(call.request, 'sessionId').map((one) => one.text.trim());
  if (keys.length === 0) throw invalidArgument('sessionId');
  const found = keys.map((key) => sessions.withKey(key));
  // One's own session ends with Logout.
  if (found.some((session) => session !== null && session === call.session))
    throw invalidArgument('sessionId');
  for (const session of found) {
    if (!session) throw new VimFault('NotFound', {}, 'There is no such session.');
    sessions.end(session);
  }
  return undefined;
}
