import assert from 'node:assert/strict';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isObject } from '../src/wire/json.js';
import { run } from '../src/cli/run.js';
import type { Context } from '../src/context.js';
import { InterruptedError, type ExitCode } from '../src/errors.js';
import { noFaults, startSandbox, type Sandbox, type SandboxOptions } from '../src/sandbox/server.js';
import { FakeClock } from './fake-clock.js';
import { MemoryInput, MemoryOutput, typist, type Typing } from './memory-streams.js';
import { RecordingProxy, type Intercept, type Recorded } from './recording-proxy.js';

/** The key of each world's sandbox. */
export const testKey = 'test-key-7f3a';

/** Real photos, damaged files, videos and sounds: `fixture('bad', 'empty.jpg')`. */
export function fixture(...parts: readonly string[]): string {
  return join(dirname(fileURLToPath(import.meta.url)), 'fixtures', ...parts);
}

export interface WorldOptions {
  readonly sandbox?: Partial<Omit<SandboxOptions, 'faults' | 'now'>>;
  readonly faults?: Partial<SandboxOptions['faults']>;
  /** Beside the variables that point at the sandbox; undefined takes one away. */
  readonly env?: Env;
}

type Env = Readonly<Record<string, string | undefined>>;

export interface CliOptions {
  /** All of standard input; without it, it is empty. */
  readonly stdin?: string;
  /** Standard input, for a test that feeds it bit by bit. */
  readonly input?: MemoryInput;
  /** True: all three streams are a terminal. */
  readonly tty?: boolean | { readonly stdin?: boolean; readonly stdout?: boolean; readonly stderr?: boolean };
  readonly columns?: number;
  /** The terminal itself, where standard input is none; keys are pressed there. */
  readonly terminal?: MemoryInput;
  /** Keys to press at a terminal. */
  readonly typing?: readonly Typing[];
  /** For this command alone. */
  readonly env?: Env;
  readonly cwd?: string;
  /** The one of this machine unless given. */
  readonly platform?: NodeJS.Platform;
  /** The reader of standard output goes away after so many writes. */
  readonly stdoutClosesAfter?: number;
  readonly interrupt?: Interrupt;
}

/** Ctrl-C, for a test to press. */
export class Interrupt {
  readonly stopping = new AbortController();
  readonly leaving = new AbortController();

  /** The first one: take no new work. */
  press(name: 'SIGINT' | 'SIGTERM' = 'SIGINT'): void {
    this.stopping.abort(new InterruptedError(name));
  }

  /** The ten seconds after the first one are over. */
  runOut(): void {
    this.leaving.abort(this.stopping.signal.reason);
  }
}

export interface CliResult {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
  /** What this command sent. */
  readonly requests: readonly Recorded[];
}

export interface RawAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** A service of its own, empty folders and a clock, until the test ends. */
export class World {
  /** A temporary folder, the working folder of the commands. */
  readonly dir: string;
  readonly clock: FakeClock;
  readonly sandbox: Sandbox;
  readonly proxy: RecordingProxy;
  readonly env: Env;

  constructor(parts: Pick<World, 'dir' | 'clock' | 'sandbox' | 'proxy' | 'env'>) {
    this.dir = parts.dir;
    this.clock = parts.clock;
    this.sandbox = parts.sandbox;
    this.proxy = parts.proxy;
    this.env = parts.env;
  }

  /** What was sent so far. */
  get requests(): readonly Recorded[] {
    return this.proxy.requests;
  }

  /** Answers in place of the service, where it gives something. */
  set intercept(intercept: Intercept) {
    this.proxy.intercept = intercept;
  }

  /** Runs a command in this process. */
  async cli(argv: readonly string[], options: CliOptions = {}): Promise<CliResult> {
    const { tty = false, columns = 80, typing = [], interrupt = new Interrupt() } = options;
    const isTTY = typeof tty === 'boolean' ? { stdin: tty, stdout: tty, stderr: tty } : tty;
    const stdin = options.input ?? new MemoryInput(options.stdin, isTTY.stdin === true);
    const onText = typist(options.terminal ?? stdin, typing);
    const facts = { columns, closesAfter: options.stdoutClosesAfter };
    const stdout = new MemoryOutput({ ...facts, isTTY: isTTY.stdout === true });
    const stderr = new MemoryOutput({ columns, isTTY: isTTY.stderr === true, onText });
    const before = this.requests.length;
    const context: Context = {
      stdin,
      stdout,
      stderr,
      openTerminal: () => options.terminal,
      env: { ...this.env, ...options.env },
      cwd: options.cwd ?? this.dir,
      homeDir: this.dir,
      platform: options.platform ?? process.platform,
      clock: this.clock,
      stopping: interrupt.stopping.signal,
      leaving: interrupt.leaving.signal,
    };
    const code = await run(argv, context);
    return { code, stdout: stdout.text, stderr: stderr.text, requests: this.requests.slice(before) };
  }

  /** Asks the service itself, past our client and the recording. The path starts after the host: `/v2/inputs`. */
  async raw(method: string, path: string, body?: unknown): Promise<RawAnswer> {
    const headers = { authorization: `Key ${testKey}`, 'content-type': 'application/json' };
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(this.sandbox.url + path, { method, headers, ...json });
    const text = await response.text();
    return { status: response.status, body: JSON.parse(text) };
  }

  /** The ids that the app has, oldest first. */
  async ids(): Promise<readonly string[]> {
    return (await this.inputs()).map(({ id }) => id);
  }

  /** The inputs that the app has, at most 1000. */
  async inputs(prefix = '/v2'): Promise<readonly RawInput[]> {
    const { body } = await this.raw('GET', `${prefix}/inputs/stream?per_page=1000`);
    const inputs: unknown = isObject(body) ? body['inputs'] : undefined;
    assert.ok(isInputs(inputs), 'the sandbox answers with inputs');
    return inputs;
  }

  /** Writes a file below `dir`. */
  write(name: string, content: string | Buffer): string {
    const path = join(this.dir, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }
}

/** An input as the service shows it, as far as tests look at it. */
export interface RawInput {
  readonly id: string;
  readonly status: { readonly code: number };
  readonly created_at: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly dataset_ids?: readonly string[];
}

/** Starts a world; it is closed and removed when the test ends. */
export async function openWorld(t: TestContext, options: WorldOptions = {}): Promise<World> {
  const dir = mkdtempSync(join(tmpdir(), 'clarifai-inputs-'));
  const clock = new FakeClock();
  const sandbox = await startSandbox({
    key: testKey,
    dataDir: undefined,
    port: 0,
    indexMs: 1500,
    deleteMs: 300,
    fetchUrls: false,
    deleteAll: true,
    ...options.sandbox,
    faults: { ...noFaults, ...options.faults },
    now: () => clock.now(),
  });
  const proxy = new RecordingProxy(sandbox.url);
  await proxy.start(t);
  t.after(async () => {
    await sandbox.close();
    rmSync(dir, { recursive: true, force: true });
  });
  const env = {
    CLARIFAI_PAT: testKey,
    CLARIFAI_API_BASE: proxy.url,
    XDG_CONFIG_HOME: join(dir, '.config'),
    XDG_DATA_HOME: join(dir, '.data'),
    ...options.env,
  };
  return new World({ dir, clock, sandbox, proxy, env });
}

/** What a test looks at was put there by the test: a shape that does not hold shows in what is asserted. */
function isInputs(value: unknown): value is readonly RawInput[] {
  return Array.isArray(value) && value.every(isObject);
}

/** Each line of NDJSON, parsed. */
export function rows(text: string): readonly Readonly<Record<string, unknown>>[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const value: unknown = JSON.parse(line);
    assert.ok(isObject(value), `a JSON object: ${line}`);
    return value;
  });
}
