import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { PrivateLibvirtd } from './libvirtd';

const POOL = 'hypergate';

/** libvirt's own client: looks at a daemon past everything that is under test. */
export class Virsh {
  constructor(private readonly daemon: PrivateLibvirtd) {}

  domains(): Promise<string[]> {
    return this.names('list', '--all', '--name');
  }

  networks(): Promise<string[]> {
    return this.names('net-list', '--all', '--name');
  }

  /** The names of the volumes in the gateway's pool, read anew from the disk. */
  async volumes(): Promise<string[]> {
    await this.run('pool-refresh', POOL);
    // One line for each: its name, then its path.
    return (await this.lines('vol-list', POOL)).map((line) => line.trim().split(/\s+/)[0] ?? '');
  }

  /** Pulls a domain's plug. */
  async destroy(domain: string): Promise<void> {
    await this.run('destroy', domain);
  }

  private async names(...command: string[]): Promise<string[]> {
    return (await this.lines(...command)).map((line) => line.trim());
  }

  private async lines(...command: string[]): Promise<string[]> {
    const output = await this.run(...command);
    return output.split('\n').filter((line) => line.trim() !== '');
  }

  private async run(...command: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)('virsh', ['-q', '-c', this.daemon.uri(), ...command]);
    return stdout;
  }
}
