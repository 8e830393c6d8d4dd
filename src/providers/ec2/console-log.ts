import type { CallContext, VmRef } from '../contract';
import type { Ec2Account } from './account';
import { isFault } from './client';
import { requireOwn } from './find-vm';
import { keepTail } from './tail';

/** EC2 keeps the last 64 KiB. */
export async function readConsoleLog(
  account: Ec2Account,
  ref: VmRef,
  maxBytes: number,
  context: CallContext,
): Promise<string> {
  const { id } = await requireOwn(account, ref, context);
  const output = await readOutput(account, id, context);
  return keepTail(Buffer.from(output, 'base64'), maxBytes);
}

/** As it is now where the type of the instance has that; else as of its last start or stop. */
async function readOutput({ line }: Ec2Account, id: string, { signal }: CallContext): Promise<string> {
  const ask = async (Latest: boolean): Promise<string> => {
    const input = { InstanceId: id, Latest };
    const answer = await line.send(signal, (sdk) => new sdk.GetConsoleOutputCommand(input));
    return answer.Output ?? '';
  };
  try {
    return await ask(true);
  } catch (error) {
    if (isFault(error, 'UnsupportedOperation', 'Unsupported', 'InvalidParameterCombination'))
      return ask(false);
    throw error;
  }
}
