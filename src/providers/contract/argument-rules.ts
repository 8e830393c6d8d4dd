import { invalidArgument } from '../../kernel';
import { parseIpv4Prefix } from './ipv4-prefix';
import type { Marker } from './marker';
import type { NetworkSpec } from './network';
import type { OperationRef } from './operation';
import type { VmRef, VmSize, VmSpec } from './vm';

/**
 * What the guard refuses with INVALID_ARGUMENT before a plugin sees it. These are the contract's own rules, that hold
 * for every backend; what only one backend refuses is the plugin's to say.
 */

// Control characters break every line-based and XML-based format below, and no backend can mean one.
// eslint-disable-next-line no-control-regex
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f\u2028\u2029]/;
const LONE_SURROGATE = /\p{Surrogate}/u;
const MARKER_FIELD = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$/;
const DNS_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

export const MAX_CONSOLE_LOG_BYTES = 16 * 1024 * 1024;

export function checkText(field: string, value: string, maxLength: number): void {
  if (value.length === 0) throw invalidArgument(field, 'must not be empty.');
  if (value.length > maxLength) throw invalidArgument(field, `must have at most ${maxLength} characters.`);
  if (CONTROL_CHARACTERS.test(value)) throw invalidArgument(field, 'must not contain control characters.');
  if (LONE_SURROGATE.test(value)) throw invalidArgument(field, 'must be well-formed Unicode.');
}

export function checkWholeNumber(field: string, value: number, least: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw invalidArgument(field, `must be a whole number from ${least} to ${most}.`);
}

export function checkMarker(field: string, marker: Marker): void {
  for (const key of ['installationId', 'tenantId', 'objectId', 'operationId'] as const) {
    if (MARKER_FIELD.test(marker[key])) continue;
    throw invalidArgument(`${field}.${key}`, 'must have 1 to 128 letters, digits, "_", ".", ":" or "-".');
  }
}

/** A deletion may leave `externalId` empty: it then removes all that carries the marker. */
export function checkRef(ref: VmRef, externalId: 'REQUIRED' | 'MAY_BE_EMPTY' = 'REQUIRED'): void {
  if (externalId === 'REQUIRED' || ref.externalId !== '') checkText('ref.externalId', ref.externalId, 512);
  checkMarker('ref.marker', ref.marker);
}

export function checkVmSpec(spec: VmSpec): void {
  checkMarker('spec.marker', spec.marker);
  checkText('spec.name', spec.name, 63);
  if (!DNS_LABEL.test(spec.hostname)) throw invalidArgument('spec.hostname', 'must be a DNS label.');
  checkSize('spec', spec);
  checkText('spec.imageExternalId', spec.imageExternalId, 1024);
  spec.networks.forEach((network, index) => {
    checkText(`spec.networks.${index}.externalId`, network.externalId, 512);
  });
  spec.sshKeys.forEach((key, index) => {
    checkText(`spec.sshKeys.${index}`, key, 16_384);
  });
  for (const [key, value] of Object.entries(spec.labels)) {
    checkText('spec.labels', key, 63);
    if (value !== '') checkText(`spec.labels.${key}`, value, 255);
  }
}

/** At least one size has to be named; the ceilings only keep nonsense from overflowing a backend's integers. */
export function checkVmSize(size: VmSize): void {
  if (size.cpuCount === undefined && size.memoryMib === undefined && size.diskGib === undefined) {
    throw invalidArgument('size', 'must name at least one of cpuCount, memoryMib and diskGib.');
  }
  checkSize('size', size);
}

function checkSize(field: string, size: VmSize): void {
  if (size.cpuCount !== undefined) checkWholeNumber(`${field}.cpuCount`, size.cpuCount, 1, 4096);
  if (size.memoryMib !== undefined) checkWholeNumber(`${field}.memoryMib`, size.memoryMib, 1, 2 ** 27);
  if (size.diskGib !== undefined) checkWholeNumber(`${field}.diskGib`, size.diskGib, 1, 2 ** 22);
}

export function checkNetworkSpec(spec: NetworkSpec): void {
  checkMarker('spec.marker', spec.marker);
  checkText('spec.name', spec.name, 63);
  const prefix = parseIpv4Prefix(spec.cidr);
  if (!prefix) throw invalidArgument('spec.cidr', 'must be an IPv4 prefix without host bits.');
  // Below /29 no address is left for a guest beside network, gateway and broadcast.
  if (prefix.length < 8 || prefix.length > 29) {
    throw invalidArgument('spec.cidr', 'must have a length from /8 to /29.');
  }
}

export function checkOperation(operation: OperationRef): void {
  checkText('operation.type', operation.type, 128);
  checkText('operation.ref', operation.ref, 4096);
}
