import { getIntrospectionQuery } from 'graphql';
import {
  createTenancy,
  ended,
  operated,
  registerTemplate,
  startVm,
  succeeded,
} from '../support/api/requests';
import type { Tenancy } from '../support/api/requests';
import { TestGateway } from '../support/api/test-gateway';
import { until } from '../support/until';
import { AppError } from '../../src/kernel';

const SECRET = 'tr0ub4dor-and-3-horses';
const KEY_COMMENT = 'key-of-nobody-in-particular';

let gateway: TestGateway;
let acme: Tenancy;
let templateId: string;
beforeAll(async () => {
  gateway = await TestGateway.start();
  acme = await createTenancy(gateway.admin, 'acme');
  templateId = await registerTemplate(gateway.admin, { name: 'tiny' });
});
afterAll(() => gateway.close());

const guest = {
  userData: `#cloud-config\npassword: ${SECRET}\n`,
  sshKeys: [`ssh-ed25519 ${'A'.repeat(68)} ${KEY_COMMENT}`],
};

/** All rows of all tables, as text: what deleted pages of the file may still hold is not a record any more. */
async function records(): Promise<string> {
  const { default: BetterSqlite3 } = await import('better-sqlite3');
  const database = new BetterSqlite3(gateway.sqliteFile, { readonly: true });
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as {
    name: string;
  }[];
  const rows = tables.flatMap(({ name }) => database.prepare(`SELECT * FROM "${name}"`).all());
  database.close();
  return JSON.stringify(rows);
}

/** As SQLite does by itself every thousand pages, and when the gateway stops. */
async function emptyWriteAheadLog(): Promise<void> {
  const { default: BetterSqlite3 } = await import('better-sqlite3');
  const database = new BetterSqlite3(gateway.sqliteFile);
  await until(() => {
    const [state] = database.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
    return state?.busy === 0;
  });
  database.close();
}

describe('what a guest is given', () => {
  it('is kept only until the VM is there, and reaches the backend', async () => {
    gateway.backend().setUnavailable(true);
    const { taskId } = await startVm(acme.operator, {
      name: 'guest',
      templateId,
      idempotencyKey: 'k',
      ...guest,
    });
    // So that the search below is known to find it while it is there.
    expect(await records()).toContain(SECRET);
    gateway.backend().setUnavailable(false);
    await succeeded(acme.viewer, taskId);
    expect(await records()).not.toContain(SECRET);
    expect(await records()).not.toContain(KEY_COMMENT);
    await emptyWriteAheadLog();
    const bytes = gateway.databaseBytes();
    // Not by a matcher, which would print the whole file.
    expect([bytes.includes(SECRET), bytes.includes(KEY_COMMENT), bytes.includes(acme.id)]).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('is forgotten when the creation fails, and when it is cancelled', async () => {
    gateway.backend().failNext('createVm', new AppError('RESOURCE_EXHAUSTED', 'Full.'));
    const failing = await startVm(acme.operator, { name: 'failing', templateId, ...guest });
    expect(await ended(acme.viewer, failing.taskId)).toMatchObject({ status: 'FAILED' });
    gateway.backend().setUnavailable(true);
    const leaving = await startVm(acme.operator, { name: 'leaving', templateId, ...guest });
    await acme.operator.mutate('cancelTask', { id: leaving.taskId }, 'task { id }');
    gateway.backend().setUnavailable(false);
    expect(await ended(acme.viewer, leaving.taskId)).toMatchObject({ status: 'CANCELLED' });
    expect(await records()).not.toContain(SECRET);
  });

  it('is in no log, in no answer and in no event', async () => {
    const { operator } = acme;
    const { id, taskId } = await startVm(operator, { name: 'quiet', templateId, ...guest });
    await ended(operator, taskId);
    await operated(operator, 'rebootVm', { id });
    const everything = `query ($id: ID!) { vm(id: $id) {
      name status labels { name value } consoleLog availableActions { action reason }
      tasks { nodes { message error { message } steps { name message } } }
    } }`;
    await operator.data(everything, { id });
    const source = operator.events(
      'subscription ($id: ID) { vmEvents(vmId: $id, after: null) { vm { name } } }',
      { id },
    );
    await source.close();
    for (const text of [gateway.log(), operator.received.join('\n'), gateway.admin.received.join('\n')]) {
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain(KEY_COMMENT);
    }
  });

  it('has no field in the schema to be read from', async () => {
    const { __schema } = await acme.owner.data(getIntrospectionQuery());
    type Type = { name: string; kind: string; fields: { name: string }[] | null };
    const outputs = (__schema.types as Type[]).filter(
      ({ kind }) => kind === 'OBJECT' || kind === 'INTERFACE',
    );
    const names = outputs.flatMap(({ name, fields }) =>
      (fields ?? []).map((field) => `${name}.${field.name}`),
    );
    expect(names.filter((name) => /userData|sshKey|hash|password/i.test(name))).toEqual([]);
  });

  it('is not told by an error about the same input', async () => {
    const input = { name: 'quiet', templateId, backend: 'lab', ...guest };
    const error = await acme.operator.mutateRefused('createVm', input);
    expect(error.extensions.code).toBe('ALREADY_EXISTS');
    const { text } = await acme.operator.ask(
      'mutation ($input: CreateVmInput!) { createVm(input: $input) { nothing } }',
      { input },
    );
    expect(text).not.toContain(SECRET);
    expect(gateway.log()).not.toContain(SECRET);
  });
});
