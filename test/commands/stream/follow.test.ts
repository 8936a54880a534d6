import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Interrupt, openWorld, type CliResult, type World } from '../../harness.js';

const add = (world: World, id: string): Promise<unknown> =>
  world.raw('POST', '/v2/inputs', { inputs: [{ id, data: { image: { url: `https://x.test/${id}.jpg` } } }] });

/** `stream --follow` of an app with one input; `atLook` is told how often it looked. The eighth look is the last. */
async function followed(t: TestContext, atLook: (look: number, world: World) => Promise<unknown>): Promise<CliResult> {
  const world = await openWorld(t);
  await add(world, 'first');
  const interrupt = new Interrupt();
  let looks = 0;
  world.intercept = async () => {
    looks += 1;
    if (looks === 8) interrupt.press();
    await atLook(looks, world);
    return undefined;
  };
  return await world.cli(['stream', '--follow', '-o', 'ids'], { interrupt });
}

test('stream --follow prints what is added after the end, each once, and tells how to go on', async (t) => {
  const result = await followed(t, async (look, world) => {
    if (look === 4) await add(world, 'second');
    if (look === 6) await add(world, 'third');
  });
  assert.equal(result.code, 130);
  assert.equal(result.stdout, 'first\nsecond\nthird\n');
  assert.match(result.stderr, /resume with: clarifai-inputs stream --last-id third --follow$/m);
});

test('stream --follow looks less and less often while nothing comes', async (t) => {
  const times: number[] = [];
  await followed(t, (_, world) => Promise.resolve(times.push(world.clock.now())));
  const pauses = times.slice(2).map((time, index) => time - (times[index + 1] ?? 0));
  const growing = pauses.every((pause, index) => index === 0 || pause > (pauses[index - 1] ?? 0));
  assert.ok(growing && (pauses[0] ?? 0) >= 1000, pauses.join(' '));
});
