import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openWorld, type CliResult } from '../harness.js';

const long = 'x'.repeat(50_000);

/** Words of commands, each with a value that is far too long. */
const lines: readonly (readonly string[])[] = [
  ['list', '--where', long],
  ['list', '--where', `${long}=1`],
  ['list', '--where', `status=${long}`],
  ['list', '--where', `type=${long}`],
  ['list', '--where', `untagged=${long}`],
  ['list', '--where', `since=${long}`],
  ['list', '--where', `concept==${long}`],
  ['list', '--fields', `a..${long}`],
  ['list', '-o', long],
  ['list', `--${long}`],
  ['list', '--timeout', long],
  ['list', '--per-page', long],
  ['list', '--profile', long],
  ['list', '--api-base', `http://${long}`],
  ['list', '--api-base', `x:${long}`],
  ['list', '--user-id', `a b${long}`],
  ['list', '--ca-cert', long],
  ['list', '--api-key-file', long],
  ['list', '--transport', long],
  [long],
  ['get', long],
  ['get', `a/${long}`],
  ['get', 'a', '--download', long],
  ['status', long],
  ['rm', long, '--yes'],
  ['patch', long, '-c', 'x'],
  ['patch', 'a', '-c', `=${long}`],
  ['patch', 'a', '-c', `${long}=2`],
  ['patch', 'a', '--geo', long],
  ['patch', 'a', '--meta', long],
  ['patch', 'a', '--metadata', long],
  ['patch', 'a', '--metadata', `@${long}`],
  ['patch', 'a', '--action', long],
  ['patch', '--from', long],
  ['patch', '--from', '-', '--map', long],
  ['patch', '--from', '-', '--map', `a=${long}`],
  ['patch', 'a', '--remove-concept', `=${long}`],
  ['patch', 'a', '-c', 'x', '--undo', long],
  ['add', long],
  ['add', `${long}/*.jpg`],
  ['add', `!${long}`],
  ['add', 'x.jpg', `!${long}`],
  ['add', `data:${long}`],
  ['add', `https://${long}`],
  ['add', `https://h.test/${long}\u0007`],
  ['add', 'x', '--id', long],
  ['add', 'x', '--failures', long],
  ['add', 'x', '--shard', long],
  ['add', 'x', '--on-conflict', long],
  ['add', '--url-list', long],
  ['add', '--manifest', '-', '--map', `a=${long}`],
  ['add', 'x', '--type', long],
  ['add', 'x', '--id-from', long],
  ['add', 'x', '--batch-size', long],
  ['config', 'get', long],
  ['config', 'set', long, '1'],
  ['config', 'set', 'app-id', `a b${long}`],
  ['config', 'use', long],
  ['config', 'unset', long],
  ['help', long],
  ['completion', long],
  ['sandbox', '--outcome', long],
  ['sandbox', '--port', long],
  ['export', long],
  ['export', `/dev/null/${long}`],
  ['stream', '--last-id', long],
];
/** The same in what a command reads. */
const inputs: readonly (readonly [readonly string[], string])[] = [
  [['add', '--manifest', '-'], JSON.stringify({ path: long })],
  [['add', '--manifest', '-'], JSON.stringify({ url: long })],
  [['add', '--manifest', '-'], JSON.stringify({ type: long, path: 'a' })],
  [['add', '--manifest', '-'], JSON.stringify({ id: long, url: 'https://h.test/a' })],
  [['add', '--manifest', '-'], JSON.stringify({ [long]: 1 })],
  [['add', '--manifest', '-'], JSON.stringify({ pattern: `${long}*` })],
  [['add', '--manifest', '-'], JSON.stringify({ url: 'https://h.test/a', concepts: [`=${long}`] })],
  [['add', '--manifest', '-'], JSON.stringify({ url: 'https://h.test/a', geo: long })],
  [['add', '--manifest', '-'], `${long},url\n1,2\n`],
  [['add', '--manifest', '-'], `id,url,geo\na,https://h.test/a,${long}\n`],
  [['add', '--manifest', '-'], `id,url,metadata\na,https://h.test/a,${long}\n`],
  [['add', '--manifest', '-'], `id,url,concepts\na,https://h.test/a,=${long}\n`],
  [['add', '--manifest', '-'], `id,url,type\na,https://h.test/a,${long}\n`],
  [['patch', '--from', '-'], JSON.stringify({ id: long, concepts: ['x'] })],
  [['patch', '--from', '-'], JSON.stringify({ id: 'a', action: long })],
  [['patch', '--from', '-'], JSON.stringify({ id: 'a', [long]: long })],
  [['get', '-'], long],
  [['get', '-'], JSON.stringify({ id: long })],
  [['rm', '-', '--yes'], long],
  [['status', '-'], long],
  [['add', '-'], long],
  [['add', '--url-list', '-'], `https://h.test/${long} b`],
  [['add', '--files-from', '-'], long],
];
/** Hints are commands to be copied, and are printed whole. */
function longestLine({ stderr }: CliResult): number {
  const lines = stderr.split('\n').filter((line) => !line.startsWith('hint: '));
  return Math.max(...lines.map((line) => line.length));
}

test('a value that is far too long is cut in messages, wherever it comes from', async (t) => {
  const world = await openWorld(t);
  for (const words of lines) {
    const result = await world.cli(words);
    assert.ok(longestLine(result) < 1000, `${words.join(' ').slice(0, 60)}: ${longestLine(result)}`);
  }
  for (const [words, stdin] of inputs) {
    const result = await world.cli(words, { stdin });
    assert.ok(longestLine(result) < 1000, `${words.join(' ')}: ${stdin.slice(0, 60)}: ${longestLine(result)}`);
  }
});

test('a cut value keeps its beginning and its end', async (t) => {
  const world = await openWorld(t);
  const { stderr } = await world.cli(['list', '--where', `begin${long}end`]);
  assert.match(stderr, /^error: --where: 'beginx+…x+end' is not KEY=VALUE\n/);
});
