import type { Command } from '@commander-js/extra-typings';
import type { Command as Program } from 'commander';
import type { CommandRunner, Declare, DeclareHelp } from '../commands/command.js';
import type { ExitCode } from '../errors.js';
import type { Session } from '../session/session.js';

/** The program's services for the declaration of a command. */
export interface CommandHost {
  /** Runs a task in a session, and keeps its exit code. */
  readonly runTask: (task: (session: Session) => Promise<ExitCode>, manner: TaskManner) => Promise<void>;
  readonly declareAll: () => Promise<Program>;
}

export interface TaskManner {
  /** It changes nothing in the app: once it is interrupted, no answer is worth waiting for. */
  readonly readsOnly: boolean;
}

export interface CommandEntry {
  readonly summary: string;
  /** Present on what is there to be read only, by `help` and a name. */
  readonly topic?: true;
  /** Fills in the command; loads its declaration first, so that every other command starts without it. */
  readonly declare: (command: Command, host: CommandHost) => Promise<void>;
}

/** A command's declaration and its work, each loaded when it is needed. */
interface CommandParts<R> extends Partial<TaskManner> {
  readonly summary: string;
  readonly declare: () => Promise<Declare<R>>;
  readonly run: () => Promise<CommandRunner<R>>;
}

function bind<R>({ summary, declare, run, readsOnly = false }: CommandParts<R>): CommandEntry {
  return {
    summary,
    declare: async (command, host) => {
      const start = (request: R): Promise<void> =>
        host.runTask(async (session) => await (await run())(request, session), { readsOnly });
      (await declare())(command, start, host.declareAll);
    },
  };
}

/** Commands that only show help have nothing to run. */
function bindHelp(summary: string, declare: () => Promise<DeclareHelp>): CommandEntry {
  return {
    summary,
    declare: async (command, host) => {
      (await declare())(command, host.declareAll);
    },
  };
}

function bindTopic(summary: string, declare: () => Promise<DeclareHelp>): CommandEntry {
  return { ...bindHelp(summary, declare), topic: true };
}

/** Every command by its name, in the order of the help. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  add: bind({
    summary: 'upload files, folders and URLs, wait for indexing',
    declare: async () => (await import('../commands/add/command.js')).declareAdd,
    run: async () => (await import('../commands/add/run.js')).runAdd,
  }),
  list: bind({
    summary: 'print inputs, one page or all',
    declare: async () => (await import('../commands/list/command.js')).declareList,
    run: async () => (await import('../commands/list/run.js')).runList,
    readsOnly: true,
  }),
  stream: bind({
    summary: 'print every input, oldest first',
    declare: async () => (await import('../commands/stream/command.js')).declareStream,
    run: async () => (await import('../commands/stream/run.js')).runStream,
    readsOnly: true,
  }),
  get: bind({
    summary: 'print inputs by ID',
    declare: async () => (await import('../commands/get/command.js')).declareGet,
    run: async () => (await import('../commands/get/run.js')).runGet,
    readsOnly: true,
  }),
  status: bind({
    summary: "print the app's counts, or the status of inputs",
    declare: async () => (await import('../commands/status/command.js')).declareStatus,
    run: async () => (await import('../commands/status/run.js')).runStatus,
    readsOnly: true,
  }),
  patch: bind({
    summary: 'merge, overwrite or remove concepts, metadata and geo',
    declare: async () => (await import('../commands/patch/command.js')).declarePatch,
    run: async () => (await import('../commands/patch/run.js')).runPatch,
  }),
  rm: bind({
    summary: 'delete inputs',
    declare: async () => (await import('../commands/rm/command.js')).declareRm,
    run: async () => (await import('../commands/rm/run.js')).runRm,
  }),
  export: bind({
    summary: 'save inputs and their media in a folder',
    declare: async () => (await import('../commands/export/command.js')).declareExport,
    run: async () => (await import('../commands/export/run.js')).runExport,
    readsOnly: true,
  }),
  copy: bind({
    summary: 'copy inputs from one app to another',
    declare: async () => (await import('../commands/copy/command.js')).declareCopy,
    run: async () => (await import('../commands/copy/run.js')).runCopy,
  }),
  config: bind({
    summary: 'save keys, apps and other settings as profiles',
    declare: async () => (await import('../commands/config/command.js')).declareConfig,
    run: async () => (await import('../commands/config/run.js')).runConfig,
  }),
  completion: bind({
    summary: 'print the completion script for a shell',
    declare: async () => (await import('../commands/completion/command.js')).declareCompletion,
    run: async () => (await import('../commands/completion/run.js')).runCompletion,
  }),
  sandbox: bind({
    summary: 'run a local server that speaks the same API',
    declare: async () => (await import('../commands/sandbox/command.js')).declareSandbox,
    run: async () => (await import('../commands/sandbox/run.js')).runSandbox,
  }),
  help: bindHelp(
    'show help for a command or a topic',
    async () => (await import('../commands/help/command.js')).declareHelp,
  ),
  'exit-codes': bindTopic(
    'exit codes and their meanings',
    async () => (await import('../commands/help/topics.js')).declareExitCodesTopic,
  ),
  environment: bindTopic(
    'environment variables',
    async () => (await import('../commands/help/topics.js')).declareEnvironmentTopic,
  ),
  records: bindTopic(
    'what commands print with -o json and -o ndjson',
    async () => (await import('../commands/help/records.js')).declareRecordsTopic,
  ),
};
