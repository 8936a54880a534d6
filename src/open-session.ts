import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { RequestLine } from './api/attempt.js';
import type { Client } from './api/client.js';
import { MissingKeyError } from './api/failures.js';
import { startEmbedded } from './commands/embedded.js';
import { sandboxKey } from './commands/sandbox-defaults.js';
import type { GlobalOptions } from './commands/flags.js';
import type { Session } from './commands/session.js';
import type { Context } from './context.js';
import { resolveSettings, type SandboxSettings, type Settings } from './core/settings.js';
import { messageOf, UsageError } from './errors.js';
import { DataOutput } from './render/data-output.js';
import { plain, shellWord } from './render/text.js';
import type { Sandbox } from './sandbox/server.js';

export interface OpenSession {
  readonly session: Session;
  close(): Promise<void>;
}

/** Reads the settings and, for `--sandbox`, starts the embedded server. */
export async function openSession(
  options: GlobalOptions,
  context: Context,
  argv: readonly string[],
): Promise<OpenSession> {
  const sandbox = options.sandbox ? await startEmbedded(context) : undefined;
  try {
    const settings = await resolveSettings(
      await given(options, context),
      options.profile,
      context,
      settingsOf(sandbox),
    );
    let opened: Promise<Client> | undefined;
    const session: Session = {
      context,
      options,
      settings,
      out: new DataOutput(context.stdout),
      commandLine: ['clarifai-inputs', ...argv].map(shellWord).join(' '),
      client: () => (opened ??= openClient(session)),
    };
    const close = async (): Promise<void> => {
      await opened?.then((client) => client.close()).catch(() => undefined);
      await sandbox?.close();
    };
    return { session, close };
  } catch (error) {
    await sandbox?.close();
    throw error;
  }
}

function settingsOf(sandbox: Sandbox | undefined): SandboxSettings | undefined {
  return sandbox && { 'api-base': sandbox.url, 'api-key': sandboxKey };
}

async function given(options: GlobalOptions, context: Context): Promise<GlobalOptions['given']> {
  if (options.keyFile === undefined) return options.given;
  const key = (await readKey(options.keyFile, context)).trim();
  if (key === '') throw new UsageError(`--api-key-file ${options.keyFile} holds no key`);
  return { ...options.given, 'api-key': key };
}

async function readKey(file: string, context: Context): Promise<string> {
  if (file === '-') {
    const chunks: string[] = [];
    for await (const chunk of context.stdin) chunks.push(String(chunk));
    return chunks.join('');
  }
  try {
    return await readFile(resolve(context.cwd, file), 'utf8');
  } catch (error) {
    throw new UsageError(`--api-key-file ${file}: ${messageOf(error)}`, { cause: error });
  }
}

async function openClient(session: Session): Promise<Client> {
  const { settings, context, options } = session;
  const key = keyOf(settings);
  const { openDispatcher } = await import('./api/connection.js');
  const { serviceUrl } = await import('./commands/service-url.js');
  const timeoutMs = Number(settings.timeout?.value) * 1000;
  const url = serviceUrl(session);
  const ca = await readCa(settings['ca-cert']?.value, context);
  const dispatcher = await openDispatcher({ env: context.env, timeoutMs, ca });
  const { Client } = await import('./api/client.js');
  return new Client({
    baseUrl: url,
    key,
    timeoutMs,
    retries: Number(settings.retries?.value),
    requestsPerSecond: Number(settings.rps?.value),
    dispatcher,
    clock: context.clock,
    stopping: context.stopping,
    leaving: context.leaving,
    log: (line) => {
      if (options.verbose) context.stderr.write(`${lineText(line)}\n`);
    },
  });
}

/** The key, if it can be one; it is never shown, not even when it is wrong. */
function keyOf(settings: Settings): string {
  const key = settings['api-key']?.value;
  if (key === undefined) {
    throw new MissingKeyError('no API key', {
      hint: "run 'clarifai-inputs config init', or set CLARIFAI_PAT, or try it without an account: --sandbox",
    });
  }
  if (!/^[\x21-\x7e]+$/.test(key)) throw new MissingKeyError('the API key holds characters that no key has');
  return key;
}

async function readCa(file: string | undefined, context: Context): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    return await readFile(resolve(context.cwd, file), 'utf8');
  } catch (error) {
    throw new UsageError(`--ca-cert ${file}: ${messageOf(error)}`, { cause: error });
  }
}

function lineText({ method, path, outcome, ms, reqId }: RequestLine): string {
  const id = reqId === undefined ? '' : ` req_id=${plain(reqId)}`;
  const shown = path.length > 200 ? `${path.slice(0, 200)}…` : path;
  return `${method} ${plain(shown)} -> ${plain(outcome)} in ${Math.round(ms)} ms${id}`;
}
