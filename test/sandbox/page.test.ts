import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byUrl, gif, raw } from './raw-http.js';

test('the page loads nothing but its own files, and lets nothing else run', async (t) => {
  const { url } = await raw(t);
  const response = await fetch(`${url}/`);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8');
  const policy = response.headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe/);
  const html = await response.text();
  assert.doesNotMatch(html, /<script>|\son\w+=|style=/);
  for (const [, path] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
    assert.equal((await fetch(url + path!)).status, 200, path);
  }
});

test('the newest inputs of all apps are told to the page, without a key', async (t) => {
  const { call, url } = await raw(t);
  await call('POST', '/v2/inputs', { inputs: [byUrl('a')] });
  await call('POST', '/v2/users/jo/apps/x%2Fy/inputs', { inputs: [{ id: 'b', data: { image: { base64: gif } } }] });
  const told: unknown = await (await fetch(`${url}/page/inputs`)).json();
  const text = JSON.stringify(told);
  assert.match(text, /^\{"total":2,"inputs":\[\{"user":"jo","app":"x\/y","input":\{"id":"b".*\{"id":"a"/);
});

test('other paths are 404, and the page takes no other verb', async (t) => {
  const { url } = await raw(t);
  for (const path of ['/favicon.ico', '/page', '/page/other', '/inputs', '/v1/inputs', '//v2/inputs']) {
    assert.equal((await fetch(url + path)).status, 404, path);
  }
  assert.equal((await fetch(`${url}/`, { method: 'POST' })).status, 404);
  const head = await fetch(`${url}/`, { method: 'HEAD' });
  assert.deepEqual([head.status, await head.text()], [200, '']);
});
