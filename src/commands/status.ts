import type { Command } from 'commander';
import type { Counts } from '../api/decode.js';
import { exitCodes, UsageError, type ExitCode } from '../errors.js';
import { decimal, number, type Flags } from './flags.js';
import { outputForm, type Session, type Start } from './session.js';

const defaultWaitSeconds = 1800;

export interface StatusRequest {
  /** As given; `-` stands for stdin. Empty: the counts of the app. */
  readonly words: readonly string[];
  readonly waitMs: number | undefined;
}

/** Declares `status`. */
export function registerStatus(program: Command, start: Start): void {
  program
    .command('status')
    .summary("print the app's counts, or how inputs stand")
    .description("Print the app's counts as a bar, or the inputs of the ids given.")
    .argument('[id...]', 'ids; - reads them from stdin')
    .option('--wait', 'follow until nothing is pending')
    .option('--wait-timeout <seconds>', 'how long to wait', decimal({ min: 0 }), defaultWaitSeconds)
    .addHelpText('before', examples)
    .action((words: string[], flags: Flags) => start(runStatus, parseStatus(words, flags)));
}

const examples = `Examples:
  clarifai-inputs status
  clarifai-inputs status --wait
  clarifai-inputs add ./photos --no-wait -o ids | clarifai-inputs status --wait -
`;

/** Reads the words of `status`. */
export function parseStatus(words: readonly string[], flags: Flags): StatusRequest {
  const waitMs = (number(flags, 'waitTimeout') ?? defaultWaitSeconds) * 1000;
  return { words, waitMs: flags['wait'] === true ? waitMs : undefined };
}

/** Prints counts or inputs, once or until nothing is pending. */
export async function runStatus(request: StatusRequest, session: Session): Promise<ExitCode> {
  if (request.words.length === 0) return await runCounts(request, session);
  if (request.waitMs === undefined) {
    const { runGet } = await import('./get.js');
    return await runGet(request, session);
  }
  const { runWait } = await import('./status-wait.js');
  return await runWait(request.words, request.waitMs, session);
}

async function runCounts(request: StatusRequest, session: Session): Promise<ExitCode> {
  if (outputForm(session) === 'ids') throw new UsageError('counts have no ids', { hint: 'use -o json' });
  const { countInputs } = await import('../api/inputs.js');
  const client = await session.client();
  if (request.waitMs === undefined) {
    await printCounts(await countInputs(client), session);
    return exitCodes.ok;
  }
  const { countsUntilDone, pendingCount } = await import('../core/counting.js');
  const { liveCounts } = await import('../render/live-counts.js');
  const { clock, stopping } = session.context;
  const live = liveCounts(session.context, session.options);
  let counts: Counts | undefined;
  try {
    for await (counts of countsUntilDone({ client, clock, stopping, timeoutMs: request.waitMs })) live.show(counts);
  } finally {
    live.stop();
  }
  if (counts === undefined) return exitCodes.ok;
  await printCounts(counts, session);
  if (pendingCount(counts) === 0) return exitCodes.ok;
  session.context.stderr.write(
    `error: ${pendingCount(counts)} are still pending\nhint: go on with: ${session.commandLine}\n`,
  );
  return exitCodes.deadline;
}

async function printCounts(counts: Counts, session: Session): Promise<void> {
  const { out, options, context } = session;
  const form = outputForm(session);
  if (form === 'table' && out.isTTY && options.fields === undefined) {
    const { countBar } = await import('../render/count-bar.js');
    const { coloursFor } = await import('../render/colour.js');
    const colours = coloursFor(context.stdout, { env: context.env, wanted: options.colour });
    await out.write(countBar(counts, out.columns ?? 80, colours));
    return;
  }
  const { countsText } = await import('../render/counts.js');
  await out.write(countsText(counts, form, options.fields));
}
