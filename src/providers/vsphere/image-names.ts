/** Which VM had a name when it was last looked for: asking that one comes before reading every name of the inventory. */
export class ImageNames {
  private readonly known = new Map<string, string>();

  get(name: string): string | undefined {
    return this.known.get(name);
  }

  put(name: string, vm: string): void {
    this.known.set(name, vm);
  }

  forget(name: string): void {
    this.known.delete(name);
  }
}
