import { XMLParser } from 'fast-xml-parser';
import { SaxesParser } from 'saxes';
import { AnswerReader } from '../../src/providers/vsphere/client/soap/answer';
import { PATHS } from './own-client';
import type { Server } from './servers';

const ROUNDS = 7;
const CHUNK = 64 * 1024;

export interface ParserCpu {
  readonly name: string;
  /** Best of the rounds. */
  readonly cpuMs: number;
}

/** The bytes of one answer with the properties of all VMs, asked for by plain HTTP. */
export async function recordAnswer({ url, username, password }: Server): Promise<Buffer> {
  let cookie = '';
  const ask = async (body: string): Promise<Buffer> => {
    const envelope = `<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body>${body}</Body></Envelope>`;
    const headers = { 'content-type': 'text/xml', soapaction: 'urn:vim25/6.5', cookie };
    const response = await fetch(url, { method: 'POST', headers, body: envelope });
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    return Buffer.from(await response.arrayBuffer());
  };
  const vim = 'xmlns="urn:vim25" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
  await ask(
    `<Login ${vim}><_this type="SessionManager">SessionManager</_this><userName>${username}</userName><password>${password}</password></Login>`,
  );
  const view = await ask(
    `<CreateContainerView ${vim}><_this type="ViewManager">ViewManager</_this><container type="Folder">group-d1</container><type>VirtualMachine</type><recursive>true</recursive></CreateContainerView>`,
  );
  const viewId = /<returnval[^>]*>([^<]+)</.exec(view.toString())?.[1];
  const paths = PATHS.map((path) => `<pathSet>${path}</pathSet>`).join('');
  return ask(
    `<RetrievePropertiesEx ${vim}><_this type="PropertyCollector">propertyCollector</_this><specSet><propSet><type>VirtualMachine</type>${paths}</propSet><objectSet><obj type="ContainerView">${viewId}</obj><skip>true</skip><selectSet xsi:type="TraversalSpec"><type>ContainerView</type><path>view</path><skip>false</skip></selectSet></objectSet></specSet><options/></RetrievePropertiesEx>`,
  );
}

/** How long the processor takes to make values of the same bytes. */
export function compareParsers(bytes: Buffer, vms: number): ParserCpu[] {
  const own = (): void => {
    const reader = new AnswerReader('RetrievePropertiesEx');
    for (let at = 0; at < bytes.length; at += CHUNK) reader.write(bytes.subarray(at, at + CHUNK));
    const { result } = reader.end() as { result: { objects: readonly unknown[] } };
    if (result.objects.length !== vms) throw new Error(`decoded ${result.objects.length} VMs`);
  };
  const saxes = (): void => {
    let texts = 0;
    const parser = new SaxesParser({ xmlns: false, position: false });
    parser.on('text', () => (texts += 1));
    parser.write(bytes.toString()).close();
    if (texts < vms) throw new Error(`parsed ${texts} texts`);
  };
  const fast = (): void => {
    new XMLParser({ ignoreAttributes: false }).parse(bytes);
  };
  return [
    { name: 'our decoder, typed values', cpuMs: bestCpu(own) },
    { name: 'saxes alone, no values', cpuMs: bestCpu(saxes) },
    { name: 'fast-xml-parser, untyped tree', cpuMs: bestCpu(fast) },
  ];
}

function bestCpu(work: () => void): number {
  const times = Array.from({ length: ROUNDS }, () => {
    globalThis.gc?.();
    const cpu = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(cpu);
    return (user + system) / 1_000;
  });
  return Math.min(...times);
}
