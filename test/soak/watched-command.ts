import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const bin = fileURLToPath(new URL('../../bin/clarifai-inputs.js', import.meta.url));
const factsModule = pathToFileURL(fileURLToPath(new URL('facts.mjs', import.meta.url))).href;

/** What a process held at one moment. */
export interface Facts {
  readonly rssMiB: number;
  readonly heapMiB: number;
  readonly listeners: number;
  /** Open handles by their kind. */
  readonly handles: Readonly<Record<string, number>>;
}

export interface CommandPlan {
  readonly name: string;
  readonly words: readonly string[];
  /** Written to its standard input, which ends there. */
  readonly stdin?: string;
}

/** A command that runs for long: how often it told of each id, and what its process holds. */
export class WatchedCommand {
  readonly name: string;
  readonly timesById = new Map<string, number>();
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #factsFile: string;
  #stderr = '';

  constructor({ name, words, stdin = '' }: CommandPlan, folder: string, env: NodeJS.ProcessEnv) {
    this.name = name;
    this.#factsFile = join(folder, `${name.replaceAll(/\W+/g, '-')}.facts`);
    const child = spawn(process.execPath, ['--import', factsModule, bin, ...words], {
      env: { ...env, SOAK_FACTS: this.#factsFile },
      cwd: folder,
    });
    this.#child = child;
    child.stdin.end(stdin);
    child.stderr.on('data', (chunk) => (this.#stderr = (this.#stderr + String(chunk)).slice(-2000)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const id = idOf(line);
      if (id !== undefined) this.timesById.set(id, (this.timesById.get(id) ?? 0) + 1);
    });
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject).once('close', resolve);
    });
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** Undefined until the process has told of itself once. */
  facts(): Facts | undefined {
    try {
      const value: unknown = JSON.parse(readFileSync(this.#factsFile, 'utf8'));
      return isFacts(value) ? value : undefined;
    } catch {
      return undefined;
    }
  }

  interrupt(): void {
    this.#child.kill('SIGINT');
  }
}

function idOf(line: string): string | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string'
      ? value.id
      : undefined;
  } catch {
    return undefined;
  }
}

function isFacts(value: unknown): value is Facts {
  return typeof value === 'object' && value !== null && 'rssMiB' in value && 'handles' in value;
}
