/** Tasks that are tried again wait at random, up to half a minute; here always next to nothing. */
export function retryQuickly(): void {
  jest.spyOn(Math, 'random').mockReturnValue(0.01);
}
