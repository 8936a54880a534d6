import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { bin } from './watched-command.js';

export const sandboxKey = 'soak-key';

/** A sandbox that can be killed and started again on the same port, with the state it had. */
export class SandboxProcess {
  readonly #dataDir: string;
  readonly #env: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;
  port = 0;

  constructor(dataDir: string, env: NodeJS.ProcessEnv) {
    this.#dataDir = dataDir;
    this.#env = env;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** @param faults - options of `sandbox` */
  async start(faults: readonly string[] = []): Promise<void> {
    const words = ['sandbox', '--port', String(this.port), '--key', sandboxKey, '--data', this.#dataDir];
    const child = spawn(process.execPath, [bin, ...words, '--index-ms', '500', ...faults], { env: this.#env });
    this.#child = child;
    child.stderr.resume();
    let said = '';
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      said += String(chunk);
      const port = /CLARIFAI_API_BASE=http:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (port === undefined) continue;
      this.port = Number(port);
      return;
    }
    throw new Error(`the sandbox did not start: ${said}`);
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }
}
