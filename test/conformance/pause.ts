/** Waits for the backend, not for a clock: no case concludes anything from how long it was. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
