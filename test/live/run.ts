import type { Writable } from 'node:stream';
import { messageOf } from '../../src/errors.js';
import { sanitizeForTerminal } from '../../src/render/text.js';
import { readApp, type AppState } from './app-state.js';
import { describeAssumed, type Finding, type Row, type Transport } from './assumption.js';
import { assumptions } from './assumptions/all.js';
import { untried } from './assumptions/untried.js';
import { askConsent, type Asking } from './consent.js';
import { parseLive, usage, UsageError, type LiveOptions } from './options.js';
import type { Pace } from './pace.js';
import { closeCallers, openCallers, tryAll, type Probing } from './probing.js';
import { hasDoubts, printTable, printTally } from './table.js';

/** What a run has of its process. */
export interface LiveContext extends Asking {
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: Writable;
  readonly pace: Pace;
}

/** 0 all is as assumed, 1 something is not or could not be told, 2 usage, 130 interrupted. */
export type LiveExitCode = 0 | 1 | 2 | 130;

/** Looks at the app: a few requests that change nothing. */
const lookingRequests = 5;

/** Tries all assumptions and prints what came of them. */
export async function runLive(argv: readonly string[], context: LiveContext): Promise<LiveExitCode> {
  const key = context.env['CLARIFAI_PAT'] ?? '';
  const note = (text: string): void => {
    context.stderr.write(`${sanitizeForTerminal(hideKey(text, key))}\n`);
  };
  try {
    const options = parseLive(argv, context.env);
    const rows = await collectRows(options, context, note);
    const tallies = options.transports.map((transport) => printTally(rows, transport));
    const text = [printTable(rows, options.transports), '', ...tallies].join('\n');
    context.stdout.write(`${hideKey(text, key)}\n`);
    if (context.signal.aborted) return 130;
    return hasDoubts(rows) ? 1 : 0;
  } catch (error) {
    note(messageOf(error));
    if (context.signal.aborted) return 130;
    if (!(error instanceof UsageError)) return 1;
    if (error.isHelpful) context.stderr.write(`\n${usage}\n`);
    return 2;
  }
}

async function collectRows(
  options: LiveOptions,
  context: LiveContext,
  note: (text: string) => void,
): Promise<readonly Row[]> {
  const { target, transports } = options;
  const { pace, signal } = context;
  const state = await lookAt({ target, pace, signal, note }, transports[0]);
  await askConsent(options, state, context);
  const byTransport = new Map<Transport, ReadonlyMap<string, Finding>>();
  const limited = AbortSignal.any([signal, AbortSignal.timeout(pace.totalMs)]);
  for (const transport of transports) {
    const probing = { target, pace, signal: limited, isShared: state.others > 0, leftIds: state.leftIds, note };
    byTransport.set(transport, await tryAll(transport, probing));
  }
  return rowsOf(byTransport);
}

async function lookAt(
  asked: Pick<Probing, 'target' | 'pace' | 'signal' | 'note'>,
  transport: Transport = 'rest',
): Promise<AppState> {
  const callers = openCallers(asked, lookingRequests, asked.signal);
  try {
    return await readApp(callers[transport]);
  } finally {
    closeCallers(callers);
  }
}

function rowsOf(byTransport: ReadonlyMap<Transport, ReadonlyMap<string, Finding>>): readonly Row[] {
  const rows = assumptions.map(({ name, source, assumed }) => {
    const found = [...byTransport].flatMap(([transport, findings]) => {
      const finding = findings.get(name);
      return finding === undefined ? [] : [[transport, finding] as const];
    });
    return { name, source, assumed: describeAssumed(assumed), findings: Object.fromEntries(found) };
  });
  const others = untried.map(({ name, source, assumed, reason }) => {
    const finding: Finding = { result: 'not tried', reason };
    const all = [...byTransport.keys()].map((transport) => [transport, finding] as const);
    return { name, source, assumed, findings: Object.fromEntries(all) };
  });
  return [...rows, ...others];
}

function hideKey(text: string, key: string): string {
  return key === '' ? text : text.replaceAll(key, '…');
}
