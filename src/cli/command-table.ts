import type { Declare } from '../session/session.js';
import { outputForms } from '../render/output/output-forms.js';

export interface CommandOutline {
  readonly summary: string;
  /** True for what is there to be read, by `help` and a name. */
  readonly topic?: boolean;
  /** Loaded for the command that is named, so that every other one starts without it. */
  readonly load: () => Promise<Declare>;
}

/** Every command by its name, in the order of the help. */
export const commands: Readonly<Record<string, CommandOutline>> = {
  add: {
    summary: 'upload files, folders and URLs, wait until indexed',
    load: async () => (await import('../commands/add/command.js')).declareAdd,
  },
  list: {
    summary: 'print inputs, a page or all of them',
    load: async () => (await import('../commands/list/command.js')).declareList,
  },
  stream: {
    summary: 'print every input, in the order of adding',
    load: async () => (await import('../commands/stream/command.js')).declareStream,
  },
  get: {
    summary: 'print inputs by id',
    load: async () => (await import('../commands/get/command.js')).declareGet,
  },
  status: {
    summary: "print the app's counts, or how inputs stand",
    load: async () => (await import('../commands/status/command.js')).declareStatus,
  },
  patch: {
    summary: 'merge, overwrite or remove concepts, metadata and geo',
    load: async () => (await import('../commands/patch/command.js')).declarePatch,
  },
  rm: {
    summary: 'delete inputs',
    load: async () => (await import('../commands/rm/command.js')).declareRm,
  },
  config: {
    summary: 'save keys, apps and other settings as profiles',
    load: async () => (await import('../commands/config/command.js')).declareConfig,
  },
  completion: {
    summary: "print a shell's completion script",
    load: async () => (await import('../commands/completion/command.js')).declareCompletion,
  },
  sandbox: {
    summary: 'run a local server that speaks the same API',
    load: async () => (await import('../commands/sandbox/command.js')).declareSandbox,
  },
  help: {
    summary: 'show the help of a command, or a topic',
    load: async () => (await import('../commands/help/command.js')).declareHelp,
  },
  'exit-codes': {
    summary: 'what each exit code means',
    topic: true,
    load: async () => (await import('../commands/help/topics.js')).declareExitCodes,
  },
  environment: {
    summary: 'the variables that are read',
    topic: true,
    load: async () => (await import('../commands/help/topics.js')).declareEnvironment,
  },
};

type Rows = readonly (readonly [term: string, meaning: string])[];

/** Options that every command has, before and after its name: flags and description. */
export const globalOptions: Rows = [
  ['--profile <profile>', 'saved profile to use'],
  ['--api-base <url>', 'where the service is'],
  ['--api-key-file <file>', 'file that holds the key, - for stdin'],
  ['--user-id <id>', 'owner of the app (default: me)'],
  ['--app-id <id>', 'the app'],
  ['--sandbox', 'use the built-in local server: no account, no network'],
  ['-o, --output <form>', `how data is printed: ${outputForms.join(', ')}`],
  ['--fields <names>', 'columns or JSON paths, such as id,url,status.code'],
  ['--csv-bom', 'begin CSV with a byte order mark, for Excel'],
  ['-q, --quiet', 'stderr holds errors alone'],
  ['-v, --verbose', 'a line on stderr for each request'],
  ['--no-color', 'no colours'],
  ['--no-progress', 'no bars'],
  ['--no-input', 'never prompt'],
  ['--timeout <seconds>', 'for one answer, and for a pause while sending'],
  ['--retries <n>', 'further tries of a request'],
  ['--rps <n>', 'requests a second, 0 = no limit'],
  ['--concurrency <n>', 'batches in flight'],
  ['--ca-cert <file>', 'further certificate authorities to trust, PEM'],
  ['--insecure-http', 'allow plain http to other machines'],
];

const description = 'Add, list, stream, get, patch and remove the inputs of a Clarifai app.';

const opening = `Examples:
  clarifai-inputs add ./photos -c holiday
  clarifai-inputs list --where status=failed
  clarifai-inputs --sandbox add ./photos

Usage: clarifai-inputs [options] <command> [options]

${description}
`;

/**
 * The help of the program. Written here and not by commander, which takes longer to load than everything else that a
 * start needs.
 */
export function programHelp(): string {
  const listed = (topic: boolean): Rows =>
    Object.entries(commands).flatMap(([name, one]) => ((one.topic === true) === topic ? [[name, one.summary]] : []));
  const ofProgram: Rows = [
    ['-V, --version', 'print the version'],
    ['-h, --help', 'print this, or after a command what it takes'],
  ];
  const sections: readonly (readonly [string, Rows])[] = [
    ['Commands', listed(false)],
    ['Help topics', listed(true)],
    ['Options of every command', [...globalOptions, ...ofProgram]],
  ];
  const width = Math.max(...sections.flatMap(([, rows]) => rows.map(([term]) => term.length)));
  const text = ([heading, rows]: readonly [string, Rows]): string =>
    `${heading}:\n${rows.map(([term, meaning]) => `  ${term.padEnd(width)}  ${meaning}\n`).join('')}`;
  return [opening, ...sections.map(text)].join('\n');
}
