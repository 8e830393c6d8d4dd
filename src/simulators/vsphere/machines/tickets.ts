import { randomBytes } from 'node:crypto';
import { invalidPowerState } from '../model/names';
import { machinePath } from '../projection/machine-config';
import { invalidArgument, requireText } from '../service/arguments';
import type { Method } from '../service/method';
import { struct } from '../vim/values';
import type { MachineContext } from './context';

const TYPES: ReadonlySet<string> = new Set(['mks', 'device', 'guestControl', 'webmks', 'webRemoteDevice']);
const CONSOLE_PORT = 443;

/** A ticket is good for one connection to the host. No host listens here: who follows it reaches nobody. */
export function ticketMethods({ world }: MachineContext): Record<string, Method> {
  return {
    AcquireTicket: ({ self, request }) => {
      const machine = world.named('MACHINE', self, '_this');
      const type = requireText(request, 'ticketType').trim();
      if (!TYPES.has(type)) throw invalidArgument('ticketType');
      if (machine.powerState !== 'poweredOn') throw invalidPowerState('poweredOn', machine.powerState);
      const ticket = randomBytes(8).toString('hex');
      const host = world.get('HOST', machine.host).name;
      return struct('VirtualMachineTicket', {
        ticket,
        cfgFile: machinePath(machine),
        host,
        port: CONSOLE_PORT,
        sslThumbprint: undefined,
        url: type === 'webmks' ? `wss://${host}:${CONSOLE_PORT}/ticket/${ticket}` : undefined,
      });
    },
  };
}
