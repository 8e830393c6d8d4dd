import { FakeSimulator } from '../../test/support/fake-simulator';
import { UsageError, readSimulatorCommand, simulatorHelp } from './simulator-command';

const simulators = { fake: new FakeSimulator() };

function read(line: string) {
  return readSimulatorCommand(line.split(' '), simulators);
}

function problemsOf(line: string): readonly string[] {
  try {
    read(line);
  } catch (error) {
    if (error instanceof UsageError) return error.problems;
    throw error;
  }
  throw new Error('The command line was accepted.');
}

describe('the command line of a simulator', () => {
  it('needs the kind alone', () => {
    expect(read('fake')).toEqual({
      factory: simulators.fake,
      port: 8989,
      options: {
        vms: 10,
        taskMs: 0,
        autostart: true,
        names: [],
        disks: [],
        memoryMib: null,
        faults: { dropReply: 0, refuse: 0 },
      },
    });
  });

  it('has every option of the schema, whatever its type', () => {
    const line =
      'fake --port 0 --vms=1000 --task-ms 250 --autostart=false --names a,b --state-file data/x.json';
    expect(read(`${line} --faults drop-reply=0.01,refuse=1`)).toMatchObject({
      port: 0,
      options: {
        ...{ vms: 1000, taskMs: 250, autostart: false, names: ['a', 'b'], stateFile: 'data/x.json' },
        faults: { dropReply: 0.01, refuse: 1 },
      },
    });
    expect(read('fake --memory-mib 512 --disks [{"gib":8}]')).toMatchObject({
      options: { memoryMib: 512, disks: [{ gib: 8 }] },
    });
    expect(read('fake --autostart --vms 1 --vms 2')).toMatchObject({ options: { autostart: true, vms: 2 } });
  });

  it('offers help, with units and defaults', () => {
    expect(read('--help')).toBeNull();
    expect(read('fake --vms 1 -h')).toBeNull();
    const help = simulatorHelp(simulators);
    expect(help).toMatch(/^ {2}--port N +0 lets the system choose; default 8989$/m);
    expect(help).toMatch(/^ {2}--task-ms N +how long a task takes; default 0$/m);
    expect(help).toMatch(/^ {2}--faults NAME=VALUE,… +drop-reply, refuse$/m);
    expect(help).toMatch(/^ {2}--names TEXT,…$/m);
    expect(help).toMatch(/^ {2}--disks JSON$/m);
    expect(help).toMatch(/^ {2}--memory-mib N$/m);
    expect(help).toMatch(/^ {2}--autostart +default true$/m);
  });

  it.each<[string, (string | RegExp)[]]>([
    ['xen', ['KIND: one of fake']],
    ['toString', ['KIND: one of fake']],
    ['--vms 1', ['KIND: one of fake']],
    ['fake --vms many', [/^--vms: expected .*NaN/]],
    ['fake --vms -1', [/^--vms: .*>=0/]],
    ['fake --vms', ['--vms: needs a value']],
    ['fake --vms=', [/^--vms: expected .*NaN/]],
    ['fake --port 70000', [/^--port: .*65535/]],
    ['fake --autostart=perhaps', [/^--autostart: expected boolean/]],
    ['fake --faults refuse=2', [/^--faults\.refuse: .*<=1/]],
    ['fake --faults refuse', [/^--faults\.refuse: expected number/]],
    ['fake --faults gravity=1', ['--faults.gravity: unknown key; allowed: dropReply, refuse']],
    ['fake --disks [{"gib":1', [/^--disks: expected array/]],
    ['fake --disks [{"gib":"x"}]', [/^--disks\[0\]\.gib: expected number/]],
    ['fake --memory-mib much', [/^--memory-mib: .*number/]],
    ['fake --wms 1', ['1: unexpected; values follow an option', '--wms: unknown option; see --help']],
    ['fake --vms x --port x', [/^--port/, /^--vms/]],
  ])('%s is refused', (line, expected) => {
    const problems = problemsOf(line);
    expect(problems).toEqual(
      expected.map((one) => (typeof one === 'string' ? one : expect.stringMatching(one))),
    );
  });
});
