import { AppError, invalidArgument } from '../../../kernel';
import { sameOwner } from '../../contract';
import type { CallContext, Marker } from '../../contract';
import type { Ec2Account } from '../account';
import { isFault, isNotFound } from '../client';
import { keyPairName } from '../identity';
import { OBJECT_FILTER, filter, markerOf, markerTags, nameTag, tagged } from '../map-marker';

/** The types that EC2 takes; others reach the guest by its user data alone. */
const TAKEN_TYPE = /^ssh-(rsa|ed25519) /;

/** The key that EC2 hands over itself; null where none is of a type that it takes. */
export function keyOfPair(sshKeys: readonly string[]): string | null {
  return sshKeys.find((line) => TAKEN_TYPE.test(line)) ?? null;
}

/** Puts that key where EC2 hands it to guests of every kind. Gives the pair's name; null where there is none. */
export async function ensureKeyPair(
  account: Ec2Account,
  marker: Marker,
  sshKeys: readonly string[],
  context: CallContext,
): Promise<string | null> {
  const key = keyOfPair(sshKeys);
  if (key === null) return null;
  const input = {
    KeyName: keyPairName(marker),
    PublicKeyMaterial: Buffer.from(key),
    TagSpecifications: tagged([...markerTags(marker), nameTag(keyPairName(marker))], 'key-pair'),
  };
  try {
    await account.line.send(context.signal, (sdk) => new sdk.ImportKeyPairCommand(input));
  } catch (error) {
    if (isFault(error, 'InvalidKey.Format')) throw invalidArgument('spec.sshKeys', 'EC2 takes no such key.');
    if (!isFault(error, 'InvalidKeyPair.Duplicate')) throw error;
    await refuseForeign(account, marker, context);
  }
  return input.KeyName;
}

/** Removes the VM's key pair, if there is one. */
export async function deleteKeyPair(
  account: Ec2Account,
  marker: Marker,
  context: CallContext,
): Promise<void> {
  const { signal } = context;
  const input = { Filters: [filter(OBJECT_FILTER, marker.objectId)] };
  const answer = await account.line.send(signal, (sdk) => new sdk.DescribeKeyPairsCommand(input));
  for (const { KeyPairId, Tags } of answer.KeyPairs ?? []) {
    if (KeyPairId === undefined || !sameOwner(markerOf(Tags), marker)) continue;
    try {
      await account.line.send(signal, (sdk) => new sdk.DeleteKeyPairCommand({ KeyPairId }));
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

/** A pair of ours may not be shown yet. */
async function refuseForeign(account: Ec2Account, marker: Marker, { signal }: CallContext): Promise<void> {
  const input = { Filters: [filter('key-name', keyPairName(marker))] };
  const answer = await account.line.send(signal, (sdk) => new sdk.DescribeKeyPairsCommand(input));
  const pair = answer.KeyPairs?.[0];
  if (pair === undefined || sameOwner(markerOf(pair.Tags), marker)) return;
  throw new AppError('FAILED_PRECONDITION', "EC2 has another key pair of this VM's name.");
}
