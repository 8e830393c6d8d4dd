import { ApiError, invalidValue, missingParameter } from '../wire/api-error';
import type { Parameters } from '../wire/parameters';
import type { XmlObject } from '../wire/xml';
import type { Actions } from '../model/action';
import type { FilterFields } from '../model/filters';
import { checkId } from '../model/ids';
import { list } from '../model/listing';
import type { KeyPair } from '../model/records';
import type { World } from '../model/world';
import { readTagSpecifications, tagSet } from '../tags/tag-specifications';
import { generateKey, readPublicKey } from './key-material';
import type { KeyFacts } from './key-material';

const FILTERS: FilterFields<KeyPair> = {
  'key-pair-id': ({ id }) => id,
  'key-name': ({ name }) => name,
  fingerprint: ({ fingerprint }) => fingerprint,
};

export function keyPairActions(world: World): Actions {
  return {
    ImportKeyPair: (parameters) => {
      const name = newName(world, parameters);
      const facts = readPublicKey(parameters.required('PublicKeyMaterial'));
      return createdView(add(world, parameters, name, facts));
    },
    CreateKeyPair: (parameters) => {
      const name = newName(world, parameters);
      const { privateKey, ...facts } = generateKey(parameters.oneOf('KeyType', ['rsa', 'ed25519']) ?? 'rsa');
      return { ...createdView(add(world, parameters, name, facts)), keyMaterial: privateKey };
    },
    DescribeKeyPairs: (parameters) => describeKeyPairs(world, parameters),
    DeleteKeyPair: (parameters) => deleteKeyPair(world, parameters),
  };
}

function newName(world: World, parameters: Parameters): string {
  const name = parameters.required('KeyName');
  if (!/^[\x20-\x7e]{1,255}$/.test(name) || name.trim() !== name) throw invalidValue('KeyName', name);
  if (world.tables['key-pair'].all().some((pair) => pair.name === name)) {
    throw new ApiError('InvalidKeyPair.Duplicate', `The keypair already exists: ${name}`);
  }
  return name;
}

function add(world: World, parameters: Parameters, name: string, facts: KeyFacts): KeyPair {
  const pair: KeyPair = {
    ...facts,
    id: world.newId('key'),
    sequence: world.nextSequence(),
    due: null,
    tags: readTagSpecifications(parameters, ['key-pair'])('key-pair'),
    name,
    createdAt: world.now(),
  };
  world.tables['key-pair'].put(pair, world.now());
  return pair;
}

function createdView(pair: KeyPair): XmlObject {
  return {
    keyName: pair.name,
    keyFingerprint: pair.fingerprint,
    keyPairId: pair.id,
    tagSet: tagSet(pair.tags),
  };
}

function describeKeyPairs(world: World, parameters: Parameters): XmlObject {
  const names = parameters.list('KeyName');
  const listing = {
    kind: 'key-pair',
    idParameter: 'KeyPairId',
    filters: FILTERS,
    isListed: ({ name }: KeyPair) => names.length === 0 || names.includes(name),
  } as const;
  const { items } = list(world, parameters, listing);
  const missing = names.filter((name) => !items.some((pair) => pair.name === name));
  if (missing.length > 0) {
    throw new ApiError('InvalidKeyPair.NotFound', `The key pair '${missing.join(', ')}' does not exist`);
  }
  const withKey = parameters.flag('IncludePublicKey') ?? false;
  const keySet = items.map((pair) => ({
    ...createdView(pair),
    keyType: pair.keyType,
    createTime: new Date(pair.createdAt),
    publicKey: withKey ? pair.publicKey : null,
  }));
  return { keySet };
}

/** One that is not there is no error. */
function deleteKeyPair(world: World, parameters: Parameters): XmlObject {
  const name = parameters.text('KeyName');
  const id = parameters.text('KeyPairId');
  if (name === null && id === null) throw missingParameter('KeyName');
  if (id !== null) checkId('key-pair', id);
  const pair = world.tables['key-pair']
    .all()
    .find((one) => (id === null ? one.name === name : one.id === id));
  if (pair) world.tables['key-pair'].remove(pair.id, world.now());
  return { return: true, keyPairId: pair?.id ?? id };
}
