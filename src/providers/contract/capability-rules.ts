import { AppError } from '../../kernel';
import type { Capabilities } from './capabilities';
import type { NetworkMode } from './network';
import type { VmSize, VmSpec } from './vm';

/** Answers for an undeclared capability, so that no plugin has to. */
export function requireDeclared(declared: boolean, capability: string): void {
  if (declared) return;
  throw new AppError('UNSUPPORTED', `This backend does not support ${capability}.`, {
    details: { capability },
  });
}

export function requireCustomization(capabilities: Capabilities, spec: VmSpec): void {
  if (spec.userData === null && spec.sshKeys.length === 0) return;
  requireDeclared(capabilities.vm.guestCustomization, 'vm.guestCustomization');
}

export function requireNetworkCount({ network }: Capabilities, spec: VmSpec): void {
  requireDeclared(network.maxPerVm === null || spec.networks.length <= network.maxPerVm, 'network.maxPerVm');
}

/** ANY_STATE and WHEN_STOPPED differ by the VM's state, which only the plugin knows. */
export function requireResize(capabilities: Capabilities, size: VmSize): void {
  const { cpu, memory, disk } = capabilities.vm.resize;
  if (size.cpuCount !== undefined) requireDeclared(cpu !== 'NEVER', 'vm.resize.cpu');
  if (size.memoryMib !== undefined) requireDeclared(memory !== 'NEVER', 'vm.resize.memory');
  if (size.diskGib !== undefined) requireDeclared(disk !== 'NEVER', 'vm.resize.disk');
}

export function requireNetworkMode(capabilities: Capabilities, mode: NetworkMode): void {
  requireDeclared(capabilities.network.modes.includes(mode), `network.modes.${mode}`);
}
