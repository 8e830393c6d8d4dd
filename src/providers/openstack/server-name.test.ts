import { displayName, nameMetadata, serverName } from './server-name';

const marker = { installationId: 'i', tenantId: 't', objectId: 'vm_1', operationId: 'o' };

/** As Nova keeps it. */
function made(name: string) {
  return { name: serverName(name, marker), metadata: nameMetadata(name, marker) };
}

test.each(['web 1', `<a b="c">&amp;'%s/..\\$(x)]]>é`, 'デー'])('%s is taken as it is', (name) => {
  expect(made(name)).toEqual({ name, metadata: {} });
});

test.each([
  ['rocket 🚀', 'rocket _'],
  ['a\u200db', 'a_b'],
  [' web ', 'web'],
  [' ', 'vm_1'],
])('what Nova refuses in %j has a stand-in, and comes back as it was', (name, stored) => {
  expect(made(name).name).toBe(stored);
  expect(displayName(made(name), marker)).toBe(name);
});

test('the longest name fits a value of metadata', () => {
  for (const character of ['ｗ', '🚀'])
    for (const value of Object.values(nameMetadata(` ${character.repeat(62 / character.length)}`, marker)))
      expect(value.length).toBeLessThanOrEqual(255);
});

test('a new name is told; one of a stranger as it stands', () => {
  expect(displayName({ ...made('rocket 🚀'), name: 'renamed' }, marker)).toBe('renamed');
  expect(displayName(made(' web '), null)).toBe('web');
});
