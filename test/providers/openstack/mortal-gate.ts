import { AppError } from '../../../src/kernel';
import { RequestGate } from '../../../src/providers/contract';

/** The requests of a gateway that dies: the last one that it sends is executed, and its answer reaches nobody. */
export class MortalGate extends RequestGate {
  /** @param left how many requests it sends, the last one included */
  constructor(private left: number) {
    super();
  }

  override async run<T>(signal: AbortSignal, send: () => Promise<T>): Promise<T> {
    if (this.left <= 0) throw died();
    this.left -= 1;
    const answer = await super.run(signal, send);
    if (this.left <= 0) throw died();
    return answer;
  }
}

function died(): AppError {
  return new AppError('UNAVAILABLE', 'The gateway has died.');
}
