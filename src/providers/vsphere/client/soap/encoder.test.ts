import fc from 'fast-check';
import { METHODS } from '../schema/methods';
import type { MethodName, Params } from '../schema/methods';
import { typeRegistry } from '../schema/type-registry';
import { Decoder } from './decoder';
import { encodeCall } from './encoder';
import { EncodingError } from './encoding-error';
import { Planner } from './plan';
import type { FieldPlan, Plan, StructPlan } from './plan';
import { XmlReader } from './xml-reader';

const VM = { type: 'VirtualMachine', value: 'vm-1' } as const;
const planner = new Planner(typeRegistry());

/** What stands between `<_this>` and the end of the call. */
function written<M extends MethodName>(method: M, params: Params<M>): string {
  const xml = encodeCall(method, VM, params);
  return xml.slice(xml.indexOf('</_this>') + '</_this>'.length, xml.indexOf(`</${method}>`));
}

const wrap = (name: string, plan: Plan): StructPlan => {
  const fields = new Map<string, FieldPlan>([[name, { name, plan, list: false }]]);
  return { kind: 'struct', name, fields, required: [], lists: [], wildcard: null };
};

/** Reads a call as a server with the same schema would. */
function readBack(method: MethodName, xml: string): unknown {
  const call = planner.of(METHODS[method].params);
  const root = { name: 'Envelope', plan: wrap('Body', wrap(method, call)), list: false };
  const decoder = new Decoder(planner, root);
  const reader = new XmlReader(decoder);
  reader.write(Buffer.from(xml));
  reader.end();
  return (decoder.value() as { Body: Record<string, unknown> }).Body[method];
}

describe('the order of elements', () => {
  it('is that of the WSDL, those of a base before its own', () => {
    const xml = written('ReconfigVM_Task', {
      spec: {
        extraConfig: [{ key: 'k', value: 'v' }],
        deviceChange: [
          {
            device: {
              capacityInBytes: 2048,
              capacityInKB: 2,
              unitNumber: 0,
              key: -1,
              $type: 'VirtualDisk',
              backing: { $type: 'VirtualDiskFlatVer2BackingInfo', diskMode: 'persistent', fileName: '' },
            },
            fileOperation: 'create',
            operation: 'add',
          },
        ],
        memoryMB: 64,
        name: 'n',
      },
    });
    expect(xml).toBe(
      '<spec><name>n</name><memoryMB>64</memoryMB>' +
        '<deviceChange xsi:type="VirtualDeviceConfigSpec"><operation>add</operation>' +
        '<fileOperation>create</fileOperation><device xsi:type="VirtualDisk"><key>-1</key>' +
        '<backing xsi:type="VirtualDiskFlatVer2BackingInfo"><fileName></fileName>' +
        '<diskMode>persistent</diskMode></backing><unitNumber>0</unitNumber><capacityInKB>2</capacityInKB>' +
        '<capacityInBytes>2048</capacityInBytes></device></deviceChange><extraConfig xsi:type="OptionValue">' +
        '<key>k</key><value xsi:type="xsd:string">v</value></extraConfig></spec>',
    );
  });
});

describe('an any-typed value', () => {
  it.each([
    ['text', '<value xsi:type="xsd:string">text</value>'],
    [true, '<value xsi:type="xsd:boolean">true</value>'],
    [-7, '<value xsi:type="xsd:int">-7</value>'],
    [2 ** 40, '<value xsi:type="xsd:long">1099511627776</value>'],
    [1.5, '<value xsi:type="xsd:double">1.5</value>'],
    [new Date(0), '<value xsi:type="xsd:dateTime">1970-01-01T00:00:00.000Z</value>'],
    [VM, '<value xsi:type="ManagedObjectReference" type="VirtualMachine">vm-1</value>'],
  ])('%p says what it is', (value, expected) => {
    expect(written('ReconfigVM_Task', { spec: { extraConfig: [{ key: 'k', value }] } })).toContain(expected);
  });

  it('of no such type is refused', () => {
    const spec = { extraConfig: [{ key: 'k', value: { some: 'thing' } }] };
    expect(() => encodeCall('ReconfigVM_Task', VM, { spec })).toThrow(EncodingError);
  });
});

describe('a value', () => {
  it('that is required is missed', () => {
    expect(() => encodeCall('Rename_Task', VM, {})).toThrow(EncodingError);
  });

  it('of a type that is no subtype is refused', () => {
    const device = { $type: 'Folder', key: 1 };
    expect(() => encodeCall('ReconfigVM_Task', VM, { spec: { deviceChange: [{ device }] } })).toThrow(
      EncodingError,
    );
  });

  it('of an unknown subtype goes back under its own name', () => {
    const device = { $type: 'VirtualDevice', $unknownType: 'VirtualTPM', key: 11 } as const;
    expect(written('ReconfigVM_Task', { spec: { deviceChange: [{ device }] } })).toContain(
      '<device xsi:type="VirtualTPM"><key>11</key></device>',
    );
  });

  it.each(['\u0000', '\u0008', '\u000b', '\u001f', '\ud800', 'a\udc00', '\uffff'])(
    'with %j cannot be carried by XML',
    (newName) => {
      expect(() => encodeCall('Rename_Task', VM, { newName })).toThrow(EncodingError);
    },
  );

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('such as %p is no number', (numCPUs) => {
    expect(() => encodeCall('ReconfigVM_Task', VM, { spec: { numCPUs } })).toThrow(EncodingError);
  });
});

describe('what is written', () => {
  const speakable = fc.string({ unit: 'grapheme' }).filter((text) => !/[\p{Cc}\uFFFE\uFFFF]/u.test(text));
  const spaced = fc.array(fc.oneof(speakable, fc.constantFrom('\r', '\n', '\t', '\r\n', ']]>', '<&>"\'')));
  const text = spaced.map((parts) => parts.join(''));
  const some = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
    fc.option(value, { nil: undefined });
  const card = fc.record(
    {
      $type: fc.constantFrom('VirtualE1000', 'VirtualVmxnet3'),
      key: fc.integer(),
      macAddress: text,
      wakeOnLanEnabled: fc.boolean(),
      backing: fc.record({ $type: fc.constant('VirtualEthernetCardNetworkBackingInfo'), deviceName: text }),
    },
    { requiredKeys: ['$type', 'key'] },
  );
  const spec = fc.record({
    name: some(text),
    numCPUs: some(fc.integer({ min: 1, max: 128 })),
    memoryMB: some(fc.maxSafeInteger()),
    cpuHotAddEnabled: some(fc.boolean()),
    deviceChange: some(
      fc.array(fc.record({ operation: fc.constantFrom('add', 'edit'), device: card }), { minLength: 1 }),
    ),
    extraConfig: some(
      fc.array(fc.record({ key: text, value: fc.oneof(text, fc.boolean(), fc.integer()) }), { minLength: 1 }),
    ),
  });

  it('is read back as it was', () => {
    fc.assert(
      fc.property(spec, (value) => {
        expect(readBack('ReconfigVM_Task', encodeCall('ReconfigVM_Task', VM, { spec: value }))).toEqual({
          spec: value,
        });
      }),
    );
  });

  it('names its object, whatever its id', () => {
    const self = { type: 'Datastore', value: '/tmp/a "b" <c>&' };
    expect(encodeCall('Destroy_Task', self, {})).toContain(
      '<_this type="Datastore">/tmp/a &quot;b&quot; &lt;c&gt;&amp;</_this>',
    );
  });
});
