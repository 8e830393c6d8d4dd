import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { RawSocket } from './raw-socket';
import { closeGateways, type Gateway, startGateway } from './sample-gateway';

afterEach(closeGateways);

/** A query that is being answered until it is released. */
async function hold(gateway: Gateway) {
  let release: () => void = () => undefined;
  gateway.controls.gate = new Promise((resolve) => {
    release = resolve;
  });
  const held = new Promise<void>((resolve) => {
    gateway.controls.onHeld = resolve;
  });
  const answer = gateway.query('{ held }');
  await held;
  return { answer, release };
}

describe('closing', () => {
  it('lets a running request finish, and closes sockets with the reason', async () => {
    const gateway = await startGateway();
    const { answer, release } = await hold(gateway);
    const socket = await RawSocket.ready(gateway);
    const closed = gateway.server.close({ reason: 'Service restarting' });
    expect(await socket.closed).toEqual({ code: 1001, reason: 'Service restarting' });
    await expect(fetch(`${gateway.server.url}/healthz`)).rejects.toThrow();
    release();
    expect((await answer).data).toEqual({ held: 'released' });
    await closed;
  });

  it('cuts off what does not finish in time', async () => {
    const gateway = await startGateway({ server: { drainMs: 20 } });
    const { answer, release } = await hold(gateway);
    const cut = expect(answer).rejects.toThrow();
    await gateway.server.close();
    await cut;
    release();
  });

  it('does not wait for idle connections', async () => {
    const gateway = await startGateway({ server: { drainMs: 60_000 } });
    const agent = new Agent({ keepAlive: true });
    const [response] = (await once(get(`${gateway.server.url}/healthz`, { agent }), 'response')) as [
      IncomingMessage,
    ];
    response.resume();
    await once(response, 'end');
    await gateway.server.close();
    agent.destroy();
  });

  it('does not wait for a socket that ignores it for ever', async () => {
    const gateway = await startGateway();
    const socket = await RawSocket.ready(gateway);
    socket.socket.pause();
    await gateway.server.close();
    socket.socket.terminate();
  });

  it('may be asked for twice', async () => {
    const gateway = await startGateway();
    await Promise.all([gateway.server.close(), gateway.server.close()]);
  });

  it('is announced by /readyz while all else goes on', async () => {
    const gateway = await startGateway();
    gateway.server.startDraining();
    const ready = await fetch(`${gateway.server.url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'draining' }]);
    expect((await fetch(`${gateway.server.url}/healthz`)).status).toBe(200);
    expect((await gateway.query('{ whoami }')).data).toEqual({ whoami: 'administrator' });
  });
});

describe('starting', () => {
  it('fails when the port is taken, and leaves nothing behind', async () => {
    const gateway = await startGateway();
    await expect(startGateway({ server: { port: gateway.server.port } })).rejects.toThrow(/EADDRINUSE/);
  });
});
