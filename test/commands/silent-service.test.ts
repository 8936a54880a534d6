import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { test, type TestContext } from 'node:test';
import { Interrupt, onlyRest, openWorld } from '../harness.js';

/** Takes connections and never says a word. */
async function openSilence(t: TestContext): Promise<string> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => void sockets.push(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function openPlainServer(t: TestContext): Promise<number> {
  const server = createHttpServer((_, response) => response.end('<html></html>'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

for (const transport of ['rest', 'grpc']) {
  test(`a service that never answers is told of, and a command that only reads ends at once: ${transport}`, async (t) => {
    const world = await openWorld(t);
    const base = await openSilence(t);
    const words = ['--api-base', base, '--transport', transport];
    const interrupt = new Interrupt();
    const listing = world.cli(['list', ...words], { tty: true, interrupt });
    await sleep(2500);
    const startedMs = performance.now();
    interrupt.press();
    const listed = await listing;
    assert.ok(performance.now() - startedMs < 2000);
    assert.equal(listed.code, 130);
    assert.match(listed.stderr, /^waiting for a response from 127\.0\.0\.1:\d+$/m);
    assert.doesNotMatch(listed.stderr, /stopping/);
  });

  test(`a command that changes inputs waits for answers, and says so: ${transport}`, async (t) => {
    const world = await openWorld(t);
    const words = ['--api-base', await openSilence(t), '--transport', transport];
    const interrupt = new Interrupt();
    const removing = world.cli(['rm', 'one', '--yes', ...words], { tty: true, interrupt });
    await sleep(300);
    interrupt.press();
    await sleep(1500);
    interrupt.runOut();
    const removed = await removing;
    assert.equal(removed.code, 130);
    assert.match(removed.stderr, /^stopping: waiting for requests in flight; Ctrl-C again exits at once$/m);
  });
}

test('what can not be the service is asked three times, and the hint doubts the address', async (t) => {
  const world = await openWorld(t);
  world.intercept = () => ({ status: 200, body: '<!doctype html><html>log in</html>' });
  const page = await world.cli(['list', '--transport', 'rest']);
  assert.deepEqual([page.code, page.requests.length], [6, 3]);
  assert.match(page.stderr, /the answer is a web page, not JSON \(3 attempts\)\nhint: is http:\S+ right\?/);
  const base = `https://127.0.0.1:${await openPlainServer(t)}`;
  for (const transport of ['rest', 'grpc']) {
    const plain = await world.cli(['list', '--api-base', base, '--transport', transport, '-v']);
    assert.equal(plain.code, 6);
    assert.equal(plain.stderr.match(/ -> the server does not speak TLS/g)?.length, 3, plain.stderr);
    assert.ok(plain.stderr.includes(`hint: is ${base} right, or is it ${base.replace('https', 'http')}? (--api-base)`));
  }
});

test('a web server that is no Clarifai service casts doubt on the API base, not on the key', onlyRest, async (t) => {
  const world = await openWorld(t);
  world.intercept = () => ({ status: 404, body: '<html>no such page</html>' });
  const listed = await world.cli(['list']);
  assert.equal(listed.code, 4);
  assert.match(listed.stderr, /GET \/inputs: HTTP 404.*is the API base right\?/s);
  for (const command of ['get', 'status', 'rm']) {
    const asked = await world.cli([command, 'x', ...(command === 'rm' ? ['--yes'] : [])]);
    assert.equal(asked.code, 4, command);
    assert.match(asked.stderr, /HTTP 404.*is the API base right\?/s);
  }
});
