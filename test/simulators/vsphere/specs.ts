import type { MoRef } from '../../../src/simulators/vsphere/vim/values';

/** The XML of the collector's arguments, in the order of the WSDL. */

export const COLLECTOR = ['PropertyCollector', 'propertyCollector'] as const;

export function refXml(name: string, ref: MoRef): string {
  return `<${name} type="${ref.$ref}">${ref.value}</${name}>`;
}

export function propSet(type: string, paths: readonly string[] | 'all'): string {
  const asked =
    paths === 'all' ? '<all>true</all>' : paths.map((path) => `<pathSet>${path}</pathSet>`).join('');
  return `<propSet><type>${type}</type>${asked}</propSet>`;
}

export function objectSet(ref: MoRef, select = '', skip = false): string {
  return `<objectSet>${refXml('obj', ref)}<skip>${skip}</skip>${select}</objectSet>`;
}

export interface TraversalOptions {
  readonly name?: string;
  readonly skip?: boolean;
  /** More `selectSet` elements. */
  readonly select?: string;
}

export function traversal(
  type: string,
  path: string,
  { name, skip = false, select = '' }: TraversalOptions = {},
): string {
  const named = name === undefined ? '' : `<name>${name}</name>`;
  return (
    `<selectSet XMLSchema-instance:type="TraversalSpec">${named}<type>${type}</type><path>${path}</path>` +
    `<skip>${skip}</skip>${select}</selectSet>`
  );
}

export function selection(name: string): string {
  return `<selectSet><name>${name}</name></selectSet>`;
}

export function specSet(...parts: readonly string[]): string {
  return `<specSet>${parts.join('')}</specSet>`;
}

export function filterSpec(...parts: readonly string[]): string {
  return `<spec>${parts.join('')}</spec><partialUpdates>false</partialUpdates>`;
}
