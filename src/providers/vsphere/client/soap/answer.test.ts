import fc from 'fast-check';
import type { MethodName } from '../schema/methods';
import { AnswerReader } from './answer';
import type { Answer } from './answer';
import { BadAnswerError } from './bad-answer';

const envelope = (body: string): string =>
  '<?xml version="1.0" encoding="UTF-8"?>\n<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"' +
  ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Header><a><b/></a></soapenv:Header>' +
  `<soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;

const answerTo = (method: MethodName, inner: string): string =>
  envelope(`<${method}Response xmlns="urn:vim25">${inner}</${method}Response>`);

function read(method: MethodName, xml: string): Answer {
  const reader = new AnswerReader(method);
  reader.write(Buffer.from(xml));
  return reader.end();
}

/** The value of one property, as it stands in an answer of the property collector. */
function value(attributes: string, inner: string): unknown {
  const xml = `<returnval><objects><obj type="VirtualMachine">vm-1</obj><propSet><name>p</name><val ${attributes}>${inner}</val></propSet></objects></returnval>`;
  const { result } = read('RetrievePropertiesEx', answerTo('RetrievePropertiesEx', xml));
  return (result as { objects: { propSet: { val: unknown }[] }[] }).objects[0]?.propSet[0]?.val;
}

describe('a value whose type stands with it', () => {
  it.each([
    ['xsi:type="xsd:string"', 'a &amp; <![CDATA[<b>]]>', 'a & <b>'],
    ['xmlns:XMLSchema-instance="x" XMLSchema-instance:type="xsd:boolean"', 'true', true],
    ['xsi:type="xsd:int"', '-5', -5],
    ['xsi:type="soapenc:long"', '1099511627776', 1_099_511_627_776],
    ['xsi:type="xsd:dateTime"', '2026-01-02T03:04:05.678901Z', new Date('2026-01-02T03:04:05.678Z')],
    ['xsi:type="VirtualMachinePowerState"', 'poweredOn', 'poweredOn'],
    ['xsi:type="vim25:SomeLaterEnumeration"', 'word', 'word'],
    ['xsi:type="ManagedObjectReference" type="Folder"', 'group-v3', { type: 'Folder', value: 'group-v3' }],
    ['xsi:type="ArrayOfString"', '<string>a</string><string/>', ['a', '']],
    ['xsi:type="ArrayOfInt"', '<int>1</int><int>2</int>', [1, 2]],
    ['xsi:type="ArrayOfOptionValue"', '', []],
    [
      'xsi:type="ArrayOfOptionValue"',
      '<OptionValue xsi:type="OptionValue"><key>k</key><value xsi:type="xsd:int">3</value></OptionValue>',
      [{ key: 'k', value: 3 }],
    ],
  ])('with %s', (attributes, inner, expected) => {
    expect(value(attributes, inner)).toEqual(expected);
  });

  it('of a structure that nobody knows is left out', () => {
    expect(value('xsi:type="SomethingNew"', '<a>1</a>')).toBeUndefined();
  });

  it('that is none of its type is a bad answer', () => {
    expect(() => value('xsi:type="xsd:int"', 'many')).toThrow(BadAnswerError);
    expect(() => value('xsi:type="xsd:boolean"', '')).toThrow(BadAnswerError);
  });
});

describe('a device', () => {
  it('is of the type that its attribute names; what the schema does not know is passed over', () => {
    const disk =
      '<VirtualDevice xmlns:x="y" x:type="VirtualDisk"><key>2000</key><novelty><deep>1</deep></novelty>' +
      '<backing x:type="VirtualDiskFlatVer2BackingInfo"><fileName>[ds] b.vmdk</fileName><diskMode>persistent</diskMode>' +
      '<parent><fileName>[ds] a.vmdk</fileName><diskMode>persistent</diskMode></parent></backing>' +
      '<capacityInKB>1024</capacityInKB></VirtualDevice>';
    expect(value('xsi:type="ArrayOfVirtualDevice"', disk)).toEqual([
      {
        $type: 'VirtualDisk',
        key: 2000,
        capacityInKB: 1024,
        backing: {
          $type: 'VirtualDiskFlatVer2BackingInfo',
          fileName: '[ds] b.vmdk',
          diskMode: 'persistent',
          parent: { fileName: '[ds] a.vmdk', diskMode: 'persistent' },
        },
      },
    ]);
  });

  it('of an unknown type is a device, and keeps the name of its type', () => {
    const tpm = '<VirtualDevice xsi:type="VirtualTPM"><key>11000</key><secret>x</secret></VirtualDevice>';
    expect(value('xsi:type="ArrayOfVirtualDevice"', tpm)).toEqual([
      { $type: 'VirtualDevice', $unknownType: 'VirtualTPM', key: 11000 },
    ]);
  });

  it('without what every device has is a bad answer', () => {
    expect(() => value('xsi:type="ArrayOfVirtualDevice"', '<VirtualDevice/>')).toThrow(BadAnswerError);
  });
});

describe('a fault', () => {
  const faultOf = (detail: string): string =>
    envelope(
      `<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>Words.</faultstring>${detail}</soapenv:Fault>`,
    );

  it('is known by its type and keeps its fields', () => {
    const detail =
      '<detail><X xmlns="urn:vim25" xmlns:y="z" y:type="ManagedObjectNotFound"><obj type="Task">task-1</obj></X></detail>';
    expect(read('CancelTask', faultOf(detail))).toEqual({
      fault: {
        fault: { $type: 'ManagedObjectNotFound', obj: { type: 'Task', value: 'task-1' } },
        localizedMessage: 'Words.',
      },
    });
  });

  it('without a type is known by its element, and without detail is the most general one', () => {
    const detail = '<detail><InvalidLoginFault xmlns="urn:vim25"/></detail>';
    expect(read('Login', faultOf(detail)).fault?.fault).toEqual({ $type: 'InvalidLogin' });
    expect(read('Login', faultOf('')).fault).toEqual({
      fault: { $type: 'RuntimeFault' },
      localizedMessage: 'Words.',
    });
  });

  it('of a task stands within its info, with its cause', () => {
    const info =
      '<key>t</key><task type="Task">t</task><descriptionId>d</descriptionId><state>error</state>' +
      '<cancelled>false</cancelled><cancelable>false</cancelable><error><fault xsi:type="InvalidPowerState">' +
      '<faultCause><fault xsi:type="Later"/><localizedMessage>why</localizedMessage></faultCause>' +
      '<requestedState>poweredOn</requestedState><existingState>poweredOn</existingState></fault>' +
      '<localizedMessage>No.</localizedMessage></error>';
    expect(value('xsi:type="TaskInfo"', info)).toMatchObject({
      state: 'error',
      error: {
        localizedMessage: 'No.',
        fault: {
          $type: 'InvalidPowerState',
          existingState: 'poweredOn',
          faultCause: { fault: { $type: 'Later' }, localizedMessage: 'why' },
        },
      },
    });
  });
});

describe('an answer', () => {
  const TREE = answerTo(
    'WaitForUpdatesEx',
    '<returnval><version>7</version><filterSet><filter type="PropertyFilter">f</filter><objectSet><kind>enter</kind>' +
      '<obj type="VirtualMachine">vm-é-😀</obj><changeSet><name>name</name><op>assign</op>' +
      '<val xsi:type="xsd:string">größe &#x1F600;</val></changeSet></objectSet></filterSet></returnval>',
  );

  it('is the same however it is cut into pieces', () => {
    const bytes = Buffer.from(TREE);
    const whole = read('WaitForUpdatesEx', TREE);
    expect(whole.result).toMatchObject({ version: '7', filterSet: [{ objectSet: [{ missingSet: [] }] }] });
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: bytes.length })), (cuts) => {
        const reader = new AnswerReader('WaitForUpdatesEx');
        const ends = [...cuts.sort((a, b) => a - b), bytes.length];
        ends.forEach((end, index) => reader.write(bytes.subarray(ends[index - 1] ?? 0, end)));
        expect(reader.end()).toEqual(whole);
      }),
    );
  });

  it('is never anything but an answer or a BadAnswerError, however it is garbled', () => {
    const bytes = Buffer.from(TREE);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: bytes.length - 1 }),
        fc.integer({ min: 0, max: 255 }),
        (at, byte) => {
          const garbled = Buffer.from(bytes);
          garbled[at] = byte;
          try {
            read('WaitForUpdatesEx', garbled.toString('latin1'));
          } catch (error) {
            expect(error).toBeInstanceOf(BadAnswerError);
          }
        },
      ),
    );
  });

  it('may be nothing where the method allows of it', () => {
    expect(read('WaitForUpdatesEx', answerTo('WaitForUpdatesEx', '')).result).toBeNull();
    expect(read('FindByUuid', answerTo('FindByUuid', '')).result).toBeNull();
    expect(read('Logout', answerTo('Logout', '')).result).toBeUndefined();
    expect(() => read('CurrentTime', answerTo('CurrentTime', ''))).toThrow(BadAnswerError);
  });

  it.each([
    ['is a document type', TREE.replace('?>', '?><!DOCTYPE a SYSTEM "http://x/y.dtd">')],
    ['is an entity of its own', TREE.replace('größe', '&secret;')],
    ['are bytes that are no UTF-8', null],
  ])('is bad where there %s', (_what, xml) => {
    const reader = new AnswerReader('WaitForUpdatesEx');
    const bytes = xml === null ? Buffer.from(TREE, 'latin1') : Buffer.from(xml);
    expect(() => {
      reader.write(bytes);
      reader.end();
    }).toThrow(BadAnswerError);
  });

  it('is bad where one text has no end', () => {
    const reader = new AnswerReader('CurrentTime');
    reader.write(Buffer.from('<a>'));
    const much = Buffer.alloc(1024 * 1024, 'x');
    expect(() => {
      for (let n = 0; n < 20; n += 1) reader.write(much);
    }).toThrow(BadAnswerError);
  });
});
