import fc from 'fast-check';
import { VimFault } from './fault';
import { readRequest } from './read-request';

const CALL =
  '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"' +
  ' xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><s:Header/><s:Body><v:Do xmlns:v="urn:vim25">' +
  '<v:_this type="VirtualMachine">vm-1</v:_this><v:spec i:type="v:ClassB" type="x">a&amp;<![CDATA[<b>]]></v:spec>' +
  '</v:Do></s:Body></s:Envelope>';

describe('reading a request', () => {
  it('goes by namespaces, whatever their prefixes are', () => {
    expect(readRequest(CALL)).toMatchObject({
      name: 'Do',
      children: [
        { name: '_this', refType: 'VirtualMachine', xsiType: null, text: 'vm-1' },
        { name: 'spec', refType: 'x', xsiType: 'ClassB', text: 'a&<b>', children: [] },
      ],
    });
  });

  it('faults for everything else, and never breaks', () => {
    const pieces = CALL.split(/(?=[<>&"=:])/);
    const shuffled = fc.shuffledSubarray(pieces, { minLength: pieces.length - 3 });
    const cut = fc.nat(CALL.length).map((at) => CALL.slice(0, at));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          shuffled.map((parts) => parts.join('')),
          cut,
        ),
        (body) => {
          let fault: unknown;
          try {
            readRequest(body);
          } catch (error) {
            fault = error;
          }
          if (fault !== undefined) expect(fault).toBeInstanceOf(VimFault);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('refuses more elements than anybody needs', () => {
    const many = CALL.replace('<v:_this', `${'<v:a/>'.repeat(500_000)}<v:_this`);
    expect(() => readRequest(many)).toThrow(VimFault);
  });
});
