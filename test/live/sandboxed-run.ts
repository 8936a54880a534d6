import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { isObject } from '../../src/wire/json.js';
import { noFaults, startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/server.js';
import { MemoryInput, MemoryOutput, typist } from '../memory-streams.js';
import { RecordingProxy, type Intercept } from '../recording-proxy.js';
import { pngOf } from '../tiny-images.js';
import { livePace, type Pace } from './pace.js';
import { runLive, type LiveExitCode } from './run.js';

export const key = 'key-9b1d-of-this-test';
export const appPath = '/v2/users/me/apps/throw-away';

export interface Ran {
  readonly code: LiveExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Ways {
  /** What is typed at a terminal; without it there is none. */
  readonly typed?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  readonly pace?: Partial<Pace>;
  /** Told all of stderr after each write. */
  readonly onText?: (text: string) => void;
}

/** A sandbox whose time goes on with each request, so that nothing is waited for. */
export async function open(t: TestContext, options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  let ms = Date.UTC(2024, 0, 2);
  const sandbox = await startSandbox({
    key,
    dataDir: undefined,
    port: 0,
    indexMs: 40,
    deleteMs: 40,
    fetchUrls: false,
    deleteAll: true,
    faults: noFaults,
    now: () => (ms += 10),
    ...options,
  });
  t.after(() => sandbox.close());
  return sandbox;
}

/** The sandbox behind a proxy that keeps what was sent, and can answer in its place. REST alone. */
export async function proxied(t: TestContext, sandbox: Sandbox, intercept?: Intercept): Promise<RecordingProxy> {
  const proxy = new RecordingProxy(sandbox.url);
  if (intercept !== undefined) proxy.intercept = intercept;
  await proxy.start(t);
  return proxy;
}

export async function live(url: string, words: readonly string[], ways: Ways = {}): Promise<Ran> {
  const stdin = new MemoryInput(undefined, ways.typed !== undefined);
  const type = typist(stdin, ways.typed === undefined ? [] : [{ after: '[y/N]', keys: `${ways.typed}\n` }]);
  const [stdout, stderr] = [
    new MemoryOutput({}),
    new MemoryOutput({
      onText: (text) => {
        type(text);
        ways.onText?.(text);
      },
    }),
  ];
  const code = await runLive(['--api-base', url, ...words], {
    env: ways.env ?? { CLARIFAI_PAT: key },
    stdin,
    stdout,
    stderr,
    signal: ways.signal ?? new AbortController().signal,
    pace: { ...livePace, gapMs: 0, pollMs: 1, waitMs: 5000, ...ways.pace },
  });
  const ran = { code, stdout: stdout.text, stderr: stderr.text };
  assert.ok(!(ran.stdout + ran.stderr).includes(key), 'the key is printed');
  return ran;
}

export const app = ['--app', 'throw-away'];

async function ask(sandbox: Sandbox, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(sandbox.url + appPath + path, {
    method,
    headers: { authorization: `Key ${key}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return await response.json();
}

export async function idsIn(sandbox: Sandbox): Promise<readonly unknown[]> {
  const body = await ask(sandbox, 'GET', '/inputs?per_page=1000');
  assert.ok(isObject(body) && Array.isArray(body['inputs']));
  return body['inputs'].map((input) => (isObject(input) ? input['id'] : undefined));
}

/** Adds an input as somebody else does. */
export async function addInput(sandbox: Sandbox, id: string): Promise<void> {
  const input = { id, data: { image: { base64: pngOf(1).toString('base64') } } };
  await ask(sandbox, 'POST', '/inputs', { inputs: [input] });
}
