import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openWorld, type CliOptions, type World } from '../../harness.js';

const noFolders = {
  XDG_CONFIG_HOME: undefined,
  XDG_DATA_HOME: undefined,
  XDG_CACHE_HOME: undefined,
  APPDATA: undefined,
  LOCALAPPDATA: undefined,
};

async function configPath(world: World, platform: NodeJS.Platform, env: CliOptions['env']): Promise<string> {
  return (await world.cli(['config', 'path'], { platform, env: { ...noFolders, ...env } })).stdout.trim();
}

test('profiles are below ~/.config where no variable names another folder', async (t) => {
  const world = await openWorld(t);
  const path = join(world.dir, '.config', 'clarifai-inputs', 'config.json');
  assert.equal(await configPath(world, 'linux', {}), path);
  assert.equal(await configPath(world, 'linux', { XDG_CONFIG_HOME: 'relative' }), path, 'a relative one is ignored');
});

test('on Windows profiles are below APPDATA, and without it as elsewhere', async (t) => {
  const world = await openWorld(t);
  const APPDATA = join(world.dir, 'Roaming');
  const path = join(APPDATA, 'clarifai-inputs', 'config.json');
  assert.equal(await configPath(world, 'win32', { APPDATA }), path);
  assert.equal(
    await configPath(world, 'win32', { APPDATA: '' }),
    join(world.dir, '.config', 'clarifai-inputs', 'config.json'),
  );
});

test('XDG_CONFIG_HOME wins over APPDATA on Windows, and APPDATA counts nowhere else', async (t) => {
  const world = await openWorld(t);
  const env = { APPDATA: join(world.dir, 'Roaming'), XDG_CONFIG_HOME: join(world.dir, 'xdg') };
  assert.equal(await configPath(world, 'win32', env), join(world.dir, 'xdg', 'clarifai-inputs', 'config.json'));
  const elsewhere = await configPath(world, 'linux', { APPDATA: env.APPDATA });
  assert.equal(elsewhere, join(world.dir, '.config', 'clarifai-inputs', 'config.json'));
});

for (const [platform, folder] of [
  ['linux', '.local/share/clarifai-inputs/sandbox'],
  ['win32', 'Local/clarifai-inputs/sandbox'],
] as const) {
  test(`the state of --sandbox is in ${folder} on ${platform}, its owner's alone`, async (t) => {
    const world = await openWorld(t);
    const env = { ...noFolders, LOCALAPPDATA: join(world.dir, 'Local') };
    const result = await world.cli(['--sandbox', 'list'], { platform, env });
    assert.equal(result.code, 0, result.stderr);
    assert.equal(statSync(join(world.dir, folder)).mode & 0o777, 0o700);
  });

  const cache = platform === 'win32' ? 'Local/clarifai-inputs/cache' : '.cache/clarifai-inputs';
  test(`concepts for completion are kept in ${cache} on ${platform}`, async (t) => {
    const world = await openWorld(t);
    const env = { ...noFolders, LOCALAPPDATA: join(world.dir, 'Local') };
    await world.cli(['__complete', 'concepts'], { platform, env });
    assert.ok(existsSync(join(world.dir, cache)));
  });
}
