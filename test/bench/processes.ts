import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** What one run of a program took. */
export interface Usage {
  readonly seconds: number;
  /** User and system time. */
  readonly cpuSeconds: number;
  readonly peakMiB: number;
  readonly code: number | null;
}

export interface RunOptions {
  /** All of it; without it, this process's own but for what would lead to another service. */
  readonly env?: NodeJS.ProcessEnv;
  /** Written to its standard input, as fast as it reads. */
  readonly stdin?: Iterable<string>;
  readonly cwd?: string;
  /** The exit code that is meant, 0 unless given; what another one is explained by goes to stderr. */
  readonly code?: number;
  /** Another Node than the one that runs the benchmark. */
  readonly node?: string;
}

/** A folder for everything a benchmark makes; removed at the end. */
export const scratch = mkdtempSync(join(tmpdir(), 'clarifai-inputs-bench-'));
process.on('exit', () => {
  rmSync(scratch, { recursive: true, force: true });
});

const usageModule = pathToFileURL(fileURLToPath(new URL('usage.mjs', import.meta.url))).href;
export const bin = fileURLToPath(new URL('../../bin/clarifai-inputs.js', import.meta.url));

/** Runs a program of Node to its end, its output thrown away. */
export async function runNode(args: readonly string[], options: RunOptions = {}): Promise<Usage> {
  const usageFile = join(scratch, 'usage.json');
  const env = { ...cleanEnv, ...options.env, BENCH_USAGE: usageFile };
  const timed = await run(options.node ?? process.execPath, ['--import', usageModule, ...args], { ...options, env });
  const { cpuSeconds, peakMiB } = usageIn(readFileSync(usageFile, 'utf8'));
  rmSync(usageFile);
  return { ...timed, cpuSeconds, peakMiB };
}

function usageIn(json: string): Pick<Usage, 'cpuSeconds' | 'peakMiB'> {
  const value: unknown = JSON.parse(json);
  if (typeof value !== 'object' || value === null || !('cpuSeconds' in value) || !('peakMiB' in value)) {
    throw new Error(`no usage: ${json}`);
  }
  return { cpuSeconds: Number(value.cpuSeconds), peakMiB: Number(value.peakMiB) };
}

/** Without what would lead a measured program to another service. */
const cleanEnv = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(CLARIFAI_|https?_proxy$|no_proxy$|NODE_OPTIONS$)/i.test(name)),
);

/** Runs any program to its end; told is only how long it took. */
export async function run(
  command: string,
  args: readonly string[],
  { env = cleanEnv, stdin, cwd = scratch, code: meant = 0 }: RunOptions,
): Promise<Pick<Usage, 'seconds' | 'code'>> {
  const begun = performance.now();
  const child = spawn(command, args, { env, cwd, stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
  const errors = pipeline(child.stderr ?? Readable.from([]), createWriteStream(join(scratch, 'stderr')));
  child.stdout?.resume();
  const fed =
    stdin === undefined || child.stdin === null
      ? Promise.resolve()
      : pipeline(Readable.from(stdin), child.stdin).catch(() => undefined);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  const seconds = (performance.now() - begun) / 1000;
  await Promise.all([fed, errors]);
  if (code !== meant) {
    const said = readFileSync(join(scratch, 'stderr'), 'utf8').slice(-600);
    process.stderr.write(`${[command, ...args].join(' ').slice(0, 200)}: exit ${String(code)}\n${said}\n`);
  }
  return { seconds, code };
}

/** What a sink saw since it was last asked. */
export interface Seen {
  readonly requests: Readonly<Record<string, number>>;
  readonly bodyBytes: number;
  readonly inputs: number;
}

/** A sink in a process of its own. */
export class Sink {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(port: number, child: ChildProcess) {
    this.port = port;
    this.#child = child;
  }

  /** @param script - beside this file; prints its port, and ends with its standard input */
  static async start(script: string, args: readonly string[] = []): Promise<Sink> {
    const path = fileURLToPath(new URL(script, import.meta.url));
    const child = spawn(process.execPath, [path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    for await (const chunk of child.stdout.setEncoding('utf8') as AsyncIterable<string>) {
      return new Sink(Number(chunk.trim()), child);
    }
    throw new Error(`${script} did not start`);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** For our tool: where it is, with a key. */
  get env(): Readonly<Record<string, string>> {
    return { CLARIFAI_API_BASE: this.url, CLARIFAI_PAT: 'bench', XDG_CONFIG_HOME: scratch, XDG_DATA_HOME: scratch };
  }

  async seen({ forget = true }: { readonly forget?: boolean } = {}): Promise<Seen> {
    const response = await fetch(`${this.url}/sink`, { method: forget ? 'DELETE' : 'GET' });
    const body: unknown = await response.json();
    if (!isSeen(body)) throw new Error('the sink answers otherwise');
    return body;
  }

  stop(): void {
    this.#child.stdin?.end();
  }
}

function isSeen(body: unknown): body is Seen {
  return typeof body === 'object' && body !== null && 'requests' in body && 'bodyBytes' in body && 'inputs' in body;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
