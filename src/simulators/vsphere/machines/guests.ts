import type { Hardware, Machine } from '../model/machine';
import type { ModelOptions } from '../model/options';
import type { Timers } from '../model/timers';
import type { World } from '../model/world';

/** What happens inside machines after somebody switched them: the tools come up, and the system shuts down. */
export class Guests {
  private readonly pending = new Map<string, () => void>();

  constructor(
    private readonly world: World,
    private readonly timers: Timers,
    private readonly options: ModelOptions,
  ) {}

  switchOn(machine: Machine): void {
    machine.powerState = 'poweredOn';
    machine.cleanPowerOff = false;
    machine.bootedMs = this.world.now();
    machine.suspendedMs = null;
    machine.hardware = pluggedIn(machine.hardware);
    this.boot(machine);
  }

  /** The system starts anew, whether by reset or by itself. */
  restart(machine: Machine): void {
    machine.bootedMs = this.world.now();
    this.boot(machine);
  }

  switchOff(machine: Machine, clean: boolean): void {
    this.cancel(machine);
    machine.powerState = 'poweredOff';
    machine.cleanPowerOff = clean;
    machine.bootedMs = null;
    machine.suspendedMs = null;
    machine.toolsRunning = false;
    this.world.touch(machine);
  }

  suspend(machine: Machine): void {
    this.cancel(machine);
    machine.powerState = 'suspended';
    machine.suspendedMs = this.world.now();
    machine.bootedMs = null;
    machine.toolsRunning = false;
    this.world.touch(machine);
  }

  shutDown(machine: Machine): void {
    this.later(machine, this.options.guestShutdownMs, () => this.switchOff(machine, true));
  }

  reboot(machine: Machine): void {
    this.later(machine, this.options.guestShutdownMs, () => this.restart(machine));
  }

  /** After a restart of the simulator: machines whose system was still booting go on doing so. */
  resume(): void {
    for (const machine of this.world.ofKind('MACHINE'))
      if (machine.powerState === 'poweredOn' && !machine.toolsRunning) this.boot(machine);
  }

  private boot(machine: Machine): void {
    machine.toolsRunning = false;
    this.world.touch(machine);
    this.later(machine, this.options.guestBootMs, () => {
      machine.toolsRunning = true;
      this.world.touch(machine);
    });
  }

  private later(machine: Machine, delayMs: number, work: () => void): void {
    this.cancel(machine);
    const id = machine.ref.value;
    const cancel = this.timers.after(delayMs, () => {
      this.pending.delete(id);
      if (this.world.lookUp(id) === machine) this.world.run(work);
    });
    this.pending.set(id, cancel);
  }

  private cancel(machine: Machine): void {
    this.pending.get(machine.ref.value)?.();
    this.pending.delete(machine.ref.value);
  }
}

/** Cards that are to be connected at power-on, are. */
function pluggedIn(hardware: Hardware): Hardware {
  const devices = hardware.devices.map((device) =>
    device.kind === 'CARD' ? { ...device, connected: device.startConnected } : device,
  );
  return { ...hardware, devices };
}
