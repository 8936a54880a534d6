import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Context } from '../context.js';
import { exitCodeOfError, exitCodes, InterruptedError, UsageError, type ExitCode } from '../errors.js';
import type { GlobalOptions, GlobalValues } from '../session/global-options.js';
import type { Session } from '../session/session.js';

/** The whole program as a function: parses, runs one command, reports whatever went wrong, returns the exit code. */
export async function run(argv: readonly string[], context: Context): Promise<ExitCode> {
  const answer = argv.length <= 1 ? await helpOrVersionText(argv[0]) : undefined;
  if (answer !== undefined) {
    context.stdout.write(answer);
    return exitCodes.ok;
  }
  if (argv[0] === completionCommand) {
    const { completionValues } = await import('./completion-values.js');
    context.stdout.write(await completionValues(argv[1], argv.slice(2), context));
    return exitCodes.ok;
  }
  let exitCode: ExitCode = exitCodes.ok;
  const { createProgram } = await import('./program.js');
  const { parseGlobals } = await import('../session/global-options.js');
  const program = createProgram(context, async (task, { readsOnly }) => {
    const options = parseGlobals(program.opts<GlobalValues>());
    exitCode = await withSession(argv, options, readsOnly ? { ...context, leaving: context.stopping } : context, task);
  }).version(version(), '-V, --version');
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    return await reportFailure(error, { program, argv, context });
  }
}

/** Most commands that are interrupted have ended by then. */
const stoppingNoticeMs = 1000;

interface FailureContext {
  readonly program: Command;
  readonly argv: readonly string[];
  readonly context: Context;
}

/** Reports what ended the run, and returns its exit code. */
async function reportFailure(thrown: unknown, { program, argv, context }: FailureContext): Promise<ExitCode> {
  const { CommanderError } = await import('commander');
  let error = interruptionIn(thrown, context) ?? thrown;
  if (thrown instanceof CommanderError) {
    if (thrown.exitCode === 0) return exitCodes.ok;
    // a command without its subcommand: it has shown its help
    if (thrown.code === 'commander.help') return exitCodes.usage;
    error = usageError(thrown, argv, program);
  }
  const { parseMessageOptions } = await import('../session/global-options.js');
  const { Messages } = await import('../session/messages.js');
  new Messages(context.stderr, parseMessageOptions(program.opts<GlobalValues>())).fail(error);
  return exitCodeOfError(error);
}

/** Called by the completion scripts for names that only a run can find. Not a command, since nobody types it. */
const completionCommand = '__complete';

/** Answers `--help` and `--version` without commander, which takes longer to load than the rest of a start. */
async function helpOrVersionText(word = '--help'): Promise<string | undefined> {
  if (word === '--version' || word === '-V') return `${version()}\n`;
  return word === '--help' || word === '-h' ? (await import('./help-text.js')).programHelp() : undefined;
}

/** Names that other tools give to our commands. */
const commandHints: ReadonlyMap<string | undefined, string> = new Map([
  ['upload', "'clarifai-inputs add' uploads"],
  ['delete', "'clarifai-inputs rm' deletes inputs"],
  ['remove', "'clarifai-inputs rm' deletes inputs"],
  ['update', "'clarifai-inputs patch' changes inputs"],
  ['tag', "'clarifai-inputs patch --interactive' tags inputs with keys"],
]);

/** A key on the command line would be seen by everyone on the machine. */
const apiKeyHint = 'keys are never taken from arguments: use --api-key-file FILE or CLARIFAI_PAT';

/** Commander's message; its second line is a suggestion. */
function usageError({ message }: Error, argv: readonly string[], { commands }: Command): UsageError {
  const [, what = message, suggestion] = /^error: (.*?)\.?(?:\n\((Did you mean [^\n]*\?)\))?$/s.exec(message) ?? [];
  const named = argv.find((word) => commands.some((command) => command.name() === word));
  const help = `clarifai-inputs ${named === undefined || named === 'help' ? '--help' : `help ${named}`}`;
  const synonym = /^unknown command '(.*)'$/.exec(what)?.[1];
  const keyHint = /^unknown option '--api-key\b/.test(what) ? apiKeyHint : undefined;
  return new UsageError(what, { hint: keyHint ?? commandHints.get(synonym) ?? suggestion ?? help });
}

/** A prompt that was left with Ctrl-C, as what it is. Told by name, since the prompts are loaded where they are asked. */
function interruptionIn(error: unknown, { stopping }: Context): unknown {
  if (!(error instanceof Error) || !['ExitPromptError', 'AbortPromptError'].includes(error.name)) return undefined;
  return stopping.aborted ? stopping.reason : new InterruptedError('SIGINT');
}

/** The version in package.json, one folder up, built or not. */
function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '';
}

async function withSession(
  argv: readonly string[],
  options: GlobalOptions,
  context: Context,
  task: (session: Session) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { openSession } = await import('../session/open-session.js');
  const open = await openSession(options, context, argv);
  const endNotice = noticeStopping(open.session);
  try {
    const code = await task(open.session);
    await open.session.out.written();
    return code;
  } catch (error) {
    // the records of what was done come before the error
    await open.session.out.written();
    throw error;
  } finally {
    endNotice();
    await open.close();
  }
}

/** Says at a terminal why a command that was interrupted goes on. */
function noticeStopping({ context, messages }: Session): () => void {
  const { stopping, leaving, stderr } = context;
  if (stderr.isTTY !== true || leaving === stopping) return () => undefined;
  let timer: NodeJS.Timeout | undefined;
  const start = (): void => {
    timer = setTimeout(() => {
      messages.info('stopping: waiting for requests in flight; Ctrl-C again exits at once');
    }, stoppingNoticeMs);
  };
  stopping.addEventListener('abort', start, { once: true });
  return () => {
    stopping.removeEventListener('abort', start);
    clearTimeout(timer);
  };
}
