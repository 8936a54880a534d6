import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Flags, GlobalOptions } from '../commands/options/values.js';
import type { Session, Start } from '../session/session.js';
import type { Context } from '../context.js';
import { exitCodes, InterruptedError, UsageError, type ExitCode } from '../errors.js';

/** The whole program as a function: parses, runs one command, words whatever went wrong, tells the exit code. */
export async function run(argv: readonly string[], context: Context): Promise<ExitCode> {
  const answer = argv.length <= 1 ? await soleAnswer(argv[0]) : undefined;
  if (answer !== undefined) {
    context.stdout.write(answer);
    return exitCodes.ok;
  }
  if (argv[0] === completeWord) {
    const { completionValues } = await import('./completion-values.js');
    context.stdout.write(await completionValues(argv[1], argv.slice(2), context));
    return exitCodes.ok;
  }
  let exitCode: ExitCode = exitCodes.ok;
  const { programFor } = await import('./program.js');
  const { parseGlobals } = await import('../commands/options/values.js');
  const start: Start = async (load, request) => {
    const options = parseGlobals(program.opts<Flags>());
    exitCode = await withSession(argv, options, context, async (session) => (await load())(request, session));
  };
  const program = programFor(context, start).version(version(), '-V, --version');
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    return await toldFailure(error, { program, argv, context });
  }
}

interface Failing {
  readonly program: Command;
  readonly argv: readonly string[];
  readonly context: Context;
}

/** Words an error, the only place that does, and tells its exit code. */
async function toldFailure(error: unknown, { program, argv, context }: Failing): Promise<ExitCode> {
  const { CommanderError } = await import('commander');
  let told = interruptionIn(error, context) ?? error;
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.ok;
    // a command without its subcommand: it has shown its help
    if (error.code === 'commander.help') return exitCodes.usage;
    told = usageError(error, argv, program);
  }
  const { output, verbose } = program.opts<Flags>();
  const json = output === 'json' || output === 'ndjson';
  const { exitCodeOfError, failureText } = await import('../render/failure.js');
  context.stderr.write(failureText(told, { json, verbose: verbose === true }));
  return exitCodeOfError(told);
}

/** What the completion scripts call, for names that only a run can tell; no command, since nobody types it. */
const completeWord = '__complete';

/** What needs no command, answered without the library that parses: it takes longer to load than the rest of a start. */
async function soleAnswer(word = '--help'): Promise<string | undefined> {
  if (word === '--version' || word === '-V') return `${version()}\n`;
  return word === '--help' || word === '-h' ? (await import('./command-table.js')).programHelp() : undefined;
}

/** What commander found wrong; of two lines the second is its suggestion. */
function usageError({ message }: Error, argv: readonly string[], { commands }: Command): UsageError {
  const [, what = message, suggestion] = /^error: (.*?)\.?(?:\n\((Did you mean [^\n]*\?)\))?$/s.exec(message) ?? [];
  const named = argv.find((word) => commands.some((command) => command.name() === word));
  const help = `clarifai-inputs ${named === undefined ? '--help' : `help ${named}`}`;
  return new UsageError(what, { hint: suggestion ?? help });
}

/** A prompt that was left with Ctrl-C, as what it is. Told by name, since the prompts are loaded where they are asked. */
function interruptionIn(error: unknown, { stopping }: Context): unknown {
  if (!(error instanceof Error) || !['ExitPromptError', 'AbortPromptError'].includes(error.name)) return undefined;
  return stopping.aborted ? stopping.reason : new InterruptedError('SIGINT');
}

/** As package.json has it, one folder up from here, built or not. */
function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '';
}

async function withSession(
  argv: readonly string[],
  options: GlobalOptions,
  context: Context,
  work: (session: Session) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { openSession } = await import('../session/open-session.js');
  const open = await openSession(options, context, argv);
  try {
    const code = await work(open.session);
    await open.session.out.written();
    return code;
  } finally {
    await open.close();
  }
}
