export interface Appointment {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly table: string;
  readonly id: string;
}

/** What is to happen when, soonest first. Nothing runs by itself: whoever looks at the world first lets happen what is due. */
export class Agenda {
  private readonly appointments: Appointment[] = [];

  add(appointment: Appointment): void {
    let low = 0;
    let high = this.appointments.length;
    // Behind those of the same time, so that they happen in the order in which they were made.
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.appointments[middle]?.at ?? Infinity) <= appointment.at) low = middle + 1;
      else high = middle;
    }
    this.appointments.splice(low, 0, appointment);
  }

  /** Takes the first that is due; null when none is. */
  takeDue(now: number): Appointment | null {
    const [first] = this.appointments;
    if (first === undefined || first.at > now) return null;
    this.appointments.shift();
    return first;
  }
}
