import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture, openWorld } from '../../harness.js';

test('--tls-cert and --tls-key go together, and name files that can be read', async (t) => {
  const world = await openWorld(t);
  const [cert, key] = [fixture('tls', 'cert.pem'), fixture('tls', 'key.pem')];
  for (const words of [
    ['--tls-cert', cert],
    ['--tls-key', key],
  ]) {
    const { code, stderr } = await world.cli(['sandbox', '--memory', ...words]);
    assert.deepEqual([code, stderr.includes('specify both `--tls-cert` and `--tls-key`')], [2, true], stderr);
  }
  const missing = await world.cli(['sandbox', '--memory', '--tls-cert', 'none.pem', '--tls-key', key]);
  assert.equal(missing.code, 2);
  assert.match(missing.stderr, /--tls-cert none\.pem: /);
  const swapped = await world.cli(['sandbox', '--memory', '--tls-cert', key, '--tls-key', cert]);
  assert.equal(swapped.code, 1);
  assert.match(swapped.stderr, /cannot use the certificate and its key/);
});
