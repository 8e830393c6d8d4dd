import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeCloud, send } from './fake-cloud';
import { call, clientOf } from './start-client';

const CERTIFICATES = join(__dirname, '..', 'certificates');
const caFile = join(CERTIFICATES, 'server.pem');
const tls = { cert: readFileSync(caFile), key: readFileSync(join(CERTIFICATES, 'server.key')) };

let cloud: FakeCloud;

beforeEach(async () => {
  cloud = await FakeCloud.start({}, tls);
});

afterEach(() => cloud.stop());

describe('a cloud behind TLS', () => {
  it('is trusted by the authority of a file', async () => {
    const subnet = {
      id: 's',
      name: 'ü',
      network_id: 'n',
      ip_version: 4,
      cidr: '10.0.0.0/24',
      enable_dhcp: true,
    };
    cloud.handlers['GET /network/v2.0/subnets'] = (response) => send(response, 200, { subnets: [subnet] });
    cloud.handlers['DELETE /network/v2.0/subnets/s'] = (response) => void response.writeHead(204).end();
    cloud.handlers['POST /network/v2.0/subnets'] = (response, { body }) =>
      send(response, 201, { subnet: { ...subnet, ...(JSON.parse(body) as { subnet: object }).subnet } });
    const client = clientOf(cloud, { caFile });
    await expect(client.network.subnets.list({}, call())).resolves.toMatchObject([{ name: 'ü' }]);
    const { id: _id, ...values } = subnet;
    await expect(
      client.network.subnets.create({ ...values, ip_version: 4, name: 'größer' }, call()),
    ).resolves.toMatchObject({ name: 'größer' });
    await expect(client.network.subnets.delete('s', call())).resolves.toBe(true);
    client.close();
  });

  it('is not trusted without it', async () => {
    const client = clientOf(cloud);
    await expect(client.projectId(call())).rejects.toMatchObject({ reason: 'CERTIFICATE' });
    expect(cloud.calls).toEqual([]);
    client.close();
  });

  it('may be given up, and has its time', async () => {
    const leaving = new AbortController();
    cloud.handlers['GET /network/v2.0/subnets'] = () => leaving.abort(new Error('gone'));
    const client = clientOf(cloud, { caFile });
    await expect(client.network.subnets.list({}, call(leaving.signal))).rejects.toThrow('gone');
    client.close();
    await expect(client.projectId(call())).rejects.toMatchObject({ reason: 'CLOSED' });
  });
});
