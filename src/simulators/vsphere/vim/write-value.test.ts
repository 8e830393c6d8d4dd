import { array, enumeration, long, moRef, struct } from './values';
import { writeValue } from './write-value';

const REF = moRef('VirtualMachine', 'vm-1');

describe('writing values', () => {
  it.each([
    ['a string', 'a<b', '<val>a&lt;b</val>', '<val xsi:type="xsd:string">a&lt;b</val>'],
    ['an int', 7, '<val>7</val>', '<val xsi:type="xsd:int">7</val>'],
    ['what an int cannot hold', 3e9, '<val>3000000000</val>', '<val xsi:type="xsd:long">3000000000</val>'],
    ['a long', long(7), '<val>7</val>', '<val xsi:type="xsd:long">7</val>'],
    ['a boolean', false, '<val>false</val>', '<val xsi:type="xsd:boolean">false</val>'],
    ['an enumeration', enumeration('Color', 'red'), '<val>red</val>', '<val xsi:type="Color">red</val>'],
    ['an empty enumeration', enumeration('Color', ''), '', ''],
    [
      'a reference',
      REF,
      '<val type="VirtualMachine">vm-1</val>',
      '<val type="VirtualMachine" xsi:type="ManagedObjectReference">vm-1</val>',
    ],
    [
      'a date',
      new Date(0),
      '<val>1970-01-01T00:00:00.000Z</val>',
      '<val xsi:type="xsd:dateTime">1970-01-01T00:00:00.000Z</val>',
    ],
    [
      'references',
      array('ManagedObjectReference', [REF]),
      '<val type="VirtualMachine">vm-1</val>',
      '<val xsi:type="ArrayOfManagedObjectReference">' +
        '<ManagedObjectReference type="VirtualMachine">vm-1</ManagedObjectReference></val>',
    ],
    [
      'strings',
      array('xsd:string', ['a', 'b']),
      '<val>a</val><val>b</val>',
      '<val xsi:type="ArrayOfString"><string>a</string><string>b</string></val>',
    ],
    ['no objects', array('VirtualDevice', []), '', '<val xsi:type="ArrayOfVirtualDevice"></val>'],
  ])('%s', (_, value, plain, any) => {
    expect(writeValue('val', value)).toBe(plain);
    expect(writeValue('val', value, true)).toBe(any);
  });

  it('keeps the order of fields, and types what is declared as any', () => {
    const value = struct('OptionValue', { key: 'k', unset: undefined, value: 1 });
    expect(writeValue('o', value)).toBe(
      '<o xsi:type="OptionValue"><key>k</key><value xsi:type="xsd:int">1</value></o>',
    );
    const info = struct('TaskInfo', { key: 'k', result: REF });
    expect(writeValue('info', info)).toBe(
      '<info xsi:type="TaskInfo"><key>k</key>' +
        '<result type="VirtualMachine" xsi:type="ManagedObjectReference">vm-1</result></info>',
    );
  });

  it('drops what XML cannot carry', () => {
    expect(writeValue('a', 'x\u0000\u0008\ufffe\udc00y\t\n\r')).toBe('<a>xy\t\n&#13;</a>');
  });
});
