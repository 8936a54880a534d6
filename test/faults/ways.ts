import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { fixture } from '../harness.js';
import { portOf } from './fault-proxy.js';
import { doing, type LocalFault } from './local-matrix.js';
import { deeds, expectedCode, hasty, type Deed } from './matrix.js';
import type { RunOptions, Scene } from './scene.js';

// No way to the service, and a clock that is set while a command runs.

const commands = Object.keys(deeds);

/** For each command one that finds no way to the service. */
function noWay(
  fault: string,
  { says, options }: { says: RegExp; options: (scene: Scene) => Promise<RunOptions> | RunOptions },
): readonly LocalFault[] {
  return commands.map((command) => ({
    fault,
    command,
    times: Infinity,
    code: expectedCode({ fault, times: Infinity }),
    says,
    stage: async (scene) => ({
      deed: doing(command, hasty),
      options: await options(scene),
      againWords: doing(command).words,
    }),
  }));
}

async function untrusted(scene: Scene): Promise<RunOptions> {
  const cert = readFileSync(fixture('tls', 'cert.pem'));
  const server = createTlsServer({ cert, key: readFileSync(fixture('tls', 'key.pem')) });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  scene.after(() => server.close());
  return { base: `https://127.0.0.1:${portOf(server)}` };
}

async function nobody(): Promise<RunOptions> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const base = `http://127.0.0.1:${portOf(server)}`;
  await new Promise((resolve) => server.close(resolve));
  return { base };
}

const hourMs = 3_600_000;

/** For each command one whose clock is set while it runs. */
function clockSet(fault: string, jumpMs: number): readonly LocalFault[] {
  const options: RunOptions = { preloads: ['clock'], env: { JUMP_MS: String(jumpMs) } };
  // what is due in their turn, and what they wait for
  const more: Readonly<Record<string, readonly string[]>> = { add: ['--batch-size', '1'], status: ['--wait'] };
  return [
    ...commands.map((command): LocalFault => ({
      fault,
      command,
      times: Infinity,
      code: 0,
      says: /^/,
      scene: { latencyMs: 100, indexMs: 1000, deleteMs: 1000 },
      stage: () => ({ deed: doing(command, more[command]), options }),
    })),
    ...Object.entries(endless).map(([command, deed]): LocalFault => ({
      fault: `${fault}, then out of time`,
      command,
      times: Infinity,
      code: 5,
      says: /hint(: |": ?").*(go on|wait)/,
      scene: { latencyMs: 100, indexMs: hourMs, deleteMs: hourMs },
      stage: () => ({ deed, options, againWords: ['status'] }),
    })),
  ];
}

/** Nothing but the time limit ends these: what they wait for takes an hour. */
const endless: Readonly<Record<string, Deed>> = {
  add: doing('add', ['--wait-timeout', '1']),
  status: doing('status', ['--wait', '--wait-timeout', '1']),
  rm: { words: [...doing('rm').words, '--wait-timeout', '1'] },
};

export const wayFaults: readonly LocalFault[] = [
  // a server that can't prove itself gets one try: that ends the run
  ...noWay('an unknown authority', { says: /certificate is not trusted/, options: untrusted }).map((fault) => ({
    ...fault,
    code: 6,
  })),
  ...noWay('no such host', {
    says: /no such host: api\.invalid \(3 attempts\)/,
    options: () => ({ base: 'https://api.invalid', preloads: ['no-names'] }),
  }),
  ...noWay('connection refused', { says: /connection refused: 127\.0\.0\.1:\d+ \(3 attempts\)/, options: nobody }),
  ...clockSet('clock set back an hour', -hourMs),
  ...clockSet('clock set ahead an hour', hourMs),
];
