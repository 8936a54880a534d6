import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect } from 'node:tls';
import { test } from 'node:test';
import { fixture } from '../../harness.js';
import { byUrl, gif, key, raw, type Raw } from '../raw-http.js';
import { failsWith, idsOf, vendorClient } from './vendor-client.js';

const cert = readFileSync(fixture('tls', 'cert.pem'), 'utf8');
const tls = { cert, key: readFileSync(fixture('tls', 'key.pem'), 'utf8') };
const roots = Buffer.from(cert);

function get({ port }: Raw, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Key ${key}` };
    request({ host: '127.0.0.1', port, path, ca: cert, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        resolve(text);
      });
    })
      .on('error', reject)
      .end();
  });
}

test('both protocols are served over TLS, with hosted media at https', async (t) => {
  const sandbox = await raw(t, { tls });
  assert.equal(sandbox.url, `https://127.0.0.1:${sandbox.port}`);
  const { ask } = vendorClient(t, sandbox.port, { roots });
  const photo = { id: 'p', data: { image: { base64: Buffer.from(gif, 'base64') } } };
  assert.equal((await ask('PostInputs', { inputs: [byUrl('a'), photo] })).status.code, 10000);
  assert.deepEqual(idsOf(await ask('ListInputs')), ['p', 'a']);
  assert.match(await get(sandbox, '/v2/inputs'), new RegExp(`"https://127.0.0.1:${sandbox.port}/media/`));
  assert.match((await ask('GetInput', { input_id: 'p' })).input.data.image?.url ?? '', /^https:/);
  await failsWith(vendorClient(t, sandbox.port).ask('ListInputs', {}, { deadline: Date.now() + 5000 }), 14);
});

test('who knows HTTP/1.1 gets it, who asks for HTTP/2 alone gets that', async (t) => {
  const { port } = await raw(t, { tls });
  const chosen = (protocols: string[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, ca: cert, ALPNProtocols: protocols }, () => {
        resolve(socket.alpnProtocol);
        socket.destroy();
      }).on('error', reject);
    });
  assert.equal(await chosen(['h2', 'http/1.1']), 'http/1.1');
  assert.equal(await chosen(['h2']), 'h2');
});

test('a certificate that cannot be used is said in one line', async (t) => {
  await assert.rejects(raw(t, { tls: { cert: 'none', key: tls.key } }), (thrown: Error & { hint?: string }) => {
    assert.equal(thrown.name, 'SandboxError');
    assert.match(thrown.message, /^cannot use the certificate and its key: /);
    assert.match(thrown.hint ?? '', /--tls-cert/);
    return true;
  });
});
