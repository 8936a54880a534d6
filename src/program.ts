import { Command } from 'commander';
import { addGlobalOptions } from './commands/flags.js';
import type { Declare, Start } from './commands/session.js';
import type { Context } from './context.js';

interface Entry {
  readonly summary: string;
  /** Its heading in the list of commands, if it is not among the commands. */
  readonly group?: string;
  /** Loaded for the command that is named, so that every other one starts without it. */
  readonly load: () => Promise<Declare>;
}

const topics = 'Help topics:';

/** Every command, in the order of the help. */
const entries: Readonly<Record<string, Entry>> = {
  add: {
    summary: 'upload files, folders, patterns and URLs, and wait until each is indexed',
    load: async () => (await import('./commands/add.js')).declareAdd,
  },
  list: {
    summary: 'print inputs, a page or all of them',
    load: async () => (await import('./commands/list.js')).declareList,
  },
  stream: {
    summary: 'print every input, in the order of adding',
    load: async () => (await import('./commands/stream.js')).declareStream,
  },
  get: {
    summary: 'print inputs by id',
    load: async () => (await import('./commands/get.js')).declareGet,
  },
  status: {
    summary: "print the app's counts, or how inputs stand",
    load: async () => (await import('./commands/status.js')).declareStatus,
  },
  patch: {
    summary: 'merge, overwrite or remove concepts, metadata and geo',
    load: async () => (await import('./commands/patch.js')).declarePatch,
  },
  rm: {
    summary: 'delete inputs',
    load: async () => (await import('./commands/rm.js')).declareRm,
  },
  config: {
    summary: 'save keys, apps and other settings as profiles',
    load: async () => (await import('./commands/config.js')).declareConfig,
  },
  sandbox: {
    summary: 'run a local server that speaks the same API',
    load: async () => (await import('./commands/sandbox.js')).declareSandbox,
  },
  help: {
    summary: 'show the help of a command, or a topic',
    load: async () => (await import('./commands/help.js')).declareHelp,
  },
  'exit-codes': {
    summary: 'what each exit code means',
    group: topics,
    load: async () => (await import('./commands/help-topics.js')).declareExitCodes,
  },
  environment: {
    summary: 'the variables that are read',
    group: topics,
    load: async () => (await import('./commands/help-topics.js')).declareEnvironment,
  },
};

/** The program with all its commands by name; what a command takes is declared once it is asked for. */
export function programFor(context: Context, start: Start): Command {
  const program = new Command('clarifai-inputs');
  program
    .description('Manage the inputs of a Clarifai app: add, list, stream, get, status, patch, rm')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void context.stdout.write(text),
      writeErr: (text) => void context.stderr.write(text),
      getOutHelpWidth: () => context.stdout.columns ?? 100,
      getErrHelpWidth: () => context.stderr.columns ?? 100,
    })
    .showSuggestionAfterError()
    .helpCommand(false);
  addGlobalOptions(program);
  const undeclared = new Map(Object.entries(entries));
  for (const [name, { summary, group = '' }] of undeclared) program.command(name).summary(summary).helpGroup(group);
  const declare = async (command: Command): Promise<void> => {
    const entry = undeclared.get(command.name());
    undeclared.delete(command.name());
    (await entry?.load())?.(command, start, whole);
  };
  const whole = async (): Promise<Command> => {
    for (const command of program.commands) await declare(command);
    return program;
  };
  return program.hook('preSubcommand', (_, command) => declare(command));
}
