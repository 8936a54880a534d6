import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { inputsOf } from '../../src/api/answers.js';
import { isObject } from '../../src/wire/json.js';
import { noFaults, startSandbox, type Sandbox } from '../../src/sandbox/server.js';
import { pngOf, writeImages } from '../tiny-images.js';

/** The tool as it is run. */
export const bin = fileURLToPath(new URL('../../bin/clarifai-inputs.js', import.meta.url));
const key = 'fault-key-0a1b2c3d4e5f';

/** What a command came to, as its user sees it. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** The exit code of a second run; 0 where all that failed is that `rm` no longer finds what the first one deleted. */
export function codeOfRerun({ code, stderr }: Outcome): number | null {
  const failures = stderr.split('\n').filter((line) => line.startsWith('failed: '));
  const isGone = failures.length > 0 && failures.every((line) => line.includes('30102 INPUT_DOES_NOT_EXIST'));
  return code === 3 && isGone ? 0 : code;
}

export interface RunOptions {
  /** Where the service is, if not where it really is. */
  readonly base?: string | undefined;
  readonly stdin?: string | undefined;
  readonly kill?: { readonly signal: NodeJS.Signals; readonly afterMs: number };
  readonly env?: Readonly<Record<string, string>>;
  /** Modules of `preloads/` that are loaded before the tool. */
  readonly preloads?: readonly ('clock' | 'no-names' | 'peak')[];
  /** A file in place of the pipe that stdout is. */
  readonly stdoutFile?: string;
  /** Who runs it, if not who runs the tests. */
  readonly uid?: number | undefined;
  /** It is killed after so long: nothing may hang. */
  readonly limitMs?: number;
}

/** A service with some inputs, a folder with some pictures, and the built tool. */
export class Scene {
  readonly folder = mkdtempSync(join(tmpdir(), 'clarifai-inputs-faults-'));
  readonly sandbox: Sandbox;
  readonly #endings: (() => unknown)[] = [];

  private constructor(sandbox: Sandbox, photos: number) {
    this.sandbox = sandbox;
    writeImages(join(this.folder, 'photos'), photos);
  }

  /** With `there0` to `there5` in the app, or as many as are asked for. */
  static async open({ photos = 5, there = 6, latencyMs = 0, indexMs = 20, deleteMs = 20 } = {}): Promise<Scene> {
    const sandbox = await startSandbox({
      key,
      dataDir: undefined,
      port: 0,
      indexMs,
      deleteMs,
      fetchUrls: false,
      deleteAll: true,
      faults: { ...noFaults, latencyMs },
      now: Date.now,
    });
    const scene = new Scene(sandbox, photos);
    const inputs = Array.from({ length: there }, (_, index) => ({
      id: `there${index}`,
      data: { image: { base64: pngOf(1000 + index).toString('base64') } },
    }));
    await scene.ask('POST', '/v2/inputs', { inputs });
    return scene;
  }

  /** Does something more before the scene is gone. */
  after(ending: () => unknown): void {
    this.#endings.unshift(ending);
  }

  async close(): Promise<void> {
    for (const ending of this.#endings) await ending();
    await this.sandbox.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Asks the service itself. */
  async ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const headers = { authorization: `Key ${key}`, 'content-type': 'application/json' };
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    return await (await fetch(this.sandbox.url + path, { method, headers, ...json })).json();
  }

  /** Ids that the app has, with how often, and with the concepts of each. */
  async inputs(): Promise<ReadonlyMap<string, { readonly times: number; readonly json: string }>> {
    const found = new Map<string, { times: number; json: string }>();
    for (let lastId = ''; ;) {
      const body = await this.ask('GET', `/v2/inputs/stream?per_page=1000${lastId && `&last_id=${lastId}`}`);
      const page = isObject(body) ? (inputsOf(body) ?? []) : [];
      for (const { id, status, raw } of page) {
        const json = `${status.code} ${JSON.stringify(raw['data'])}`;
        found.set(id, { times: (found.get(id)?.times ?? 0) + 1, json });
      }
      const last = page.at(-1);
      if (last === undefined) return found;
      lastId = last.id;
    }
  }

  /** Runs the built tool, with the service at the address. */
  async run(words: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    const { base = this.sandbox.url, stdin = '', kill, preloads = [], stdoutFile, uid, limitMs = 60_000 } = options;
    const env = {
      PATH: process.env['PATH'],
      HOME: this.folder,
      XDG_CONFIG_HOME: join(this.folder, '.config'),
      CLARIFAI_PAT: key,
      CLARIFAI_API_BASE: base,
      ...options.env,
    };
    const file = stdoutFile === undefined ? undefined : openSync(stdoutFile, 'w');
    const begun = performance.now();
    const loads = preloads.flatMap((name) => ['--import', new URL(`preloads/${name}.mjs`, import.meta.url).href]);
    const child = spawn(process.execPath, [...loads, bin, ...words], {
      env,
      cwd: this.folder,
      stdio: ['pipe', file ?? 'pipe', 'pipe'],
      timeout: limitMs,
      killSignal: 'SIGKILL',
      ...(uid !== undefined && { uid }),
    });
    if (file !== undefined) closeSync(file);
    if (kill !== undefined) setTimeout(() => child.kill(kill.signal), kill.afterMs);
    child.stdin?.on('error', () => undefined).end(stdin);
    const [stdout, stderr, code] = await Promise.all([
      child.stdout === null ? '' : text(child.stdout),
      child.stderr === null ? '' : text(child.stderr),
      new Promise<number | null>((resolve) => child.once('close', resolve)),
    ]);
    return { code, stdout, stderr, seconds: (performance.now() - begun) / 1000 };
  }
}
