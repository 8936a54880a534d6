import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { registerAdd } from './commands/add.js';
import { addGlobalOptions, parseGlobals, type Flags, type GlobalOptions } from './commands/flags.js';
import { registerConfig } from './commands/config.js';
import { registerGet } from './commands/get.js';
import { registerList } from './commands/list.js';
import { registerPatch } from './commands/patch.js';
import { registerRm } from './commands/rm.js';
import { registerSandbox } from './commands/sandbox.js';
import type { Session, Start } from './commands/session.js';
import { registerStatus } from './commands/status.js';
import { registerStream } from './commands/stream.js';
import type { Context } from './context.js';
import { exitCodes, InterruptedError, type ExitCode } from './errors.js';

/** The whole program as a function: parses, runs one command, words whatever went wrong, tells the exit code. */
export async function run(argv: readonly string[], context: Context): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok;
  const program = programFor(context);
  const start: Start = async (load, request) => {
    const options = parseGlobals(program.opts<Flags>());
    exitCode = await withSession(argv, options, context, async (session) => (await load())(request, session));
  };
  for (const register of [
    registerAdd,
    registerList,
    registerStream,
    registerGet,
    registerStatus,
    registerPatch,
    registerRm,
    registerConfig,
    registerSandbox,
  ]) {
    register(program, start);
  }
  if (argv.length === 0) {
    program.outputHelp();
    return exitCodes.ok;
  }
  try {
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    // commander has worded its own errors by now; the rest is worded here, and only here
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    const { output, verbose } = program.opts<Flags>();
    const json = output === 'json' || output === 'ndjson';
    const { exitCodeOfError, failureText } = await import('./render/failure.js');
    const told = interruptionIn(error, context) ?? error;
    context.stderr.write(failureText(told, { json, verbose: verbose === true }));
    return exitCodeOfError(told);
  }
}

/** A prompt that was left with Ctrl-C, as what it is. Told by name, since the prompts are loaded where they are asked. */
function interruptionIn(error: unknown, { stopping }: Context): unknown {
  if (!(error instanceof Error) || !['ExitPromptError', 'AbortPromptError'].includes(error.name)) return undefined;
  return stopping.aborted ? stopping.reason : new InterruptedError('SIGINT');
}

function programFor(context: Context): Command {
  const program = new Command('clarifai-inputs');
  program
    .description('Manage the inputs of a Clarifai app: add, list, stream, get, status, patch, rm')
    .version(version(), '-V, --version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void context.stdout.write(text),
      writeErr: (text) => void context.stderr.write(text),
      getOutHelpWidth: () => context.stdout.columns ?? 100,
      getErrHelpWidth: () => context.stderr.columns ?? 100,
    })
    .showSuggestionAfterError()
    .helpCommand('help [command]', 'show the help of a command');
  addGlobalOptions(program);
  return program;
}

/** As package.json has it, one folder up from here, built or not. */
function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '';
}

async function withSession(
  argv: readonly string[],
  options: GlobalOptions,
  context: Context,
  work: (session: Session) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { openSession } = await import('./open-session.js');
  const open = await openSession(options, context, argv);
  try {
    return await work(open.session);
  } finally {
    await open.close();
  }
}
