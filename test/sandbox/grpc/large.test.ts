import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { TempFolder } from '../../temp-folder.js';
import { png, raw } from '../raw-http.js';
import { codesOf, failsWith, vendorClient } from './vendor-client.js';

/** A picture of a pixel, and nothing after it that counts. */
function fatImage(bytes: number, seed: number): Buffer {
  const image = Buffer.alloc(bytes, seed);
  Buffer.from(png, 'base64').copy(image);
  return image;
}

test('a file of 20 MB and a batch of 100 MB arrive as they are, and other calls go on beside them', async (t) => {
  const { port, clock } = await raw(t);
  const { ask } = vendorClient(t, port);
  const inputs = Array.from({ length: 5 }, (_, n) => ({
    id: `i${n}`,
    data: { image: { base64: fatImage(20_000_000, n) } },
  }));
  const adding = ask('PostInputs', { inputs });
  assert.equal((await ask('GetInputCount')).status.code, 10000);
  assert.deepEqual(codesOf(await adding), [30001, 30001, 30001, 30001, 30001]);
  clock.ms += 1500;
  const { input } = await ask('GetInput', { input_id: 'i3' });
  assert.equal(input.status.code, 30000);
  const hosted = Buffer.from(await (await fetch(input.data.image?.url ?? '')).arrayBuffer());
  assert.ok(hosted.equals(fatImage(20_000_000, 3)));
});

test('a message beyond the limit is RESOURCE_EXHAUSTED, and nothing of it is kept', async (t) => {
  const { port } = await raw(t);
  const { ask } = vendorClient(t, port);
  const base64 = Buffer.alloc(137_000_000, 1);
  await failsWith(ask('PostInputs', { inputs: [{ data: { video: { base64 } } }] }), 8, /at most 135266304 bytes/);
  assert.equal((await ask('ListInputs')).inputs.length, 0);
});

const program = fileURLToPath(new URL('../lone-sandbox.ts', import.meta.url));

test(
  'a message of 100 MB takes at most 150 MiB above an idle sandbox, 195 from Node 22 on',
  { skip: process.platform !== 'linux' && 'it reads /proc' },
  async (t) => {
    const folder = new TempFolder(t);
    const child = spawn(process.execPath, ['--import', 'tsx', program, folder.path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    t.after(() => child.kill('SIGKILL'));
    const line = await new Promise<string>((resolve) => createInterface(child.stdout).once('line', resolve));
    const { ask } = vendorClient(t, Number(new URL(line).port));
    assert.equal((await ask('ListInputs')).status.code, 10000);
    const idle = memoryOf(child.pid, 'VmRSS');
    for (let round = 0; round < 3; round += 1) {
      const inputs = Array.from({ length: 5 }, (_, n) => ({
        data: { image: { base64: fatImage(20_000_000, n + 5 * round) } },
      }));
      assert.equal((await ask('PostInputs', { inputs })).status.code, 10000);
    }
    const above = memoryOf(child.pid, 'VmHWM') - idle;
    // later versions of V8 let the heap grow further before they collect it: a third more is what they may take
    const maxMiB = process.version.startsWith('v20.') ? 150 : 195;
    assert.ok(above <= maxMiB * 1024, `${above} KiB above idle`);
  },
);

function memoryOf(pid: number | undefined, name: string): number {
  const line = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid ?? 0}/status`, 'utf8'));
  return Number(line?.[1]);
}
