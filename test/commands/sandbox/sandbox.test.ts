import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture, openWorld } from '../../harness.js';

test('--bucket takes NAME=DIR of a folder that is there, --bucket-credentials NAME=ID:SECRET', async (t) => {
  const world = await openWorld(t);
  world.write('file', '');
  for (const [words, message] of [
    ['--bucket photos', 'Expected NAME=DIR, for example photos=./photos'],
    ['--bucket a=none', '--bucket a: no such folder: none'],
    ['--bucket a=file', '--bucket a: no such folder: file'],
    ['--bucket a=. --bucket-credentials a=me', 'Expected NAME=ID:SECRET, for example photos=me:open-sesame'],
  ] as const) {
    const { code, stderr } = await world.cli(['sandbox', '--memory', ...words.split(' ')], { columns: 200 });
    assert.equal(code, 2);
    assert.ok(stderr.includes(message), stderr);
  }
});

test('--tls-cert and --tls-key go together, and name files that can be read', async (t) => {
  const world = await openWorld(t);
  const [cert, key] = [fixture('tls', 'cert.pem'), fixture('tls', 'key.pem')];
  for (const words of [
    ['--tls-cert', cert],
    ['--tls-key', key],
  ]) {
    const { code, stderr } = await world.cli(['sandbox', '--memory', ...words]);
    assert.deepEqual([code, stderr.includes('specify both --tls-cert and --tls-key')], [2, true], stderr);
  }
  const missing = await world.cli(['sandbox', '--memory', '--tls-cert', 'none.pem', '--tls-key', key]);
  assert.equal(missing.code, 2);
  assert.match(missing.stderr, /--tls-cert none\.pem: /);
  const swapped = await world.cli(['sandbox', '--memory', '--tls-cert', key, '--tls-key', cert]);
  assert.equal(swapped.code, 1);
  assert.match(swapped.stderr, /cannot use the certificate and its key/);
});
