import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { RunControl } from '../../core/model/run-control.js';
import type { PatchRow } from '../../core/changes/patch-rows.js';
import { badRow, RowComparison, type CompareOptions } from '../../core/changes/compare.js';
import { changesOf, editsOfRow } from '../../core/changes/edits.js';
import { missingDatasets } from '../../core/read/datasets.js';
import { changeMemberships, hasMemberships, type Memberships } from '../../core/changes/memberships.js';
import { recordStatus } from '../../core/model/status-catalog.js';
import { statusCodes } from '../../wire/status.js';
import { sendChanges, type PatchStep } from '../../core/changes/send.js';
import { RowFile } from '../../core/rows/row-writer.js';
import { saveBeforeChange } from '../../core/changes/undo.js';
import {
  type CliError,
  DeclinedError,
  exitCodes,
  InterruptedError,
  UsageError,
  worstExitCode,
  type ExitCode,
} from '../../errors.js';
import { OutcomeReport } from '../output/outcome-report.js';
import { confirmOptions, confirmRows } from './confirm-overwrite.js';
import { fileRows, optionRows, readOptionChange, type OptionChange } from './rows.js';
import { SelectedInputs } from '../../core/changes/selected-inputs.js';
import type { PatchRequest } from './command.js';
import { runPatchPlan } from './plan.js';
import type { Session } from '../../session/session.js';

/** Changes inputs, and reports what became of each; with `--interactive` it asks what to change. */
export async function runPatch(request: PatchRequest, session: Session): Promise<ExitCode> {
  if (!request.interactive) return await changeInputs(request, session);
  const { runTagging } = await import('./tag.js');
  return await runTagging(request, session);
}

async function changeInputs(request: PatchRequest, session: Session): Promise<ExitCode> {
  const change = request.from === undefined ? await readOptionChange(request, session) : undefined;
  const { memberships } = request;
  if (request.dryRun || request.curl) {
    const { steps, comparison } = await openChanges({ request, change, mayErase: true }, session);
    return await runPatchPlan(steps, { curl: request.curl, comparison, memberships }, session);
  }
  const mayErase = request.confirmed || !(await isReadOnce(request, session));
  if (mayErase && !(await confirmErasure(request, change, session))) throw new DeclinedError('nothing changed');
  const control = new RunControl(session.context.stopping);
  const changes = await openChanges({ request, change, mayErase, control }, session);
  await assertDatasets(memberships, session);
  return await sendSaved(changes, { memberships, control, undo: request.undo }, session);
}

interface Changes {
  readonly steps: AsyncIterable<PatchStep>;
  readonly comparison: RowComparison | undefined;
}

interface ChangesOptions {
  readonly request: PatchRequest;
  /** What the options ask for; undefined for the rows of a file. */
  readonly change: OptionChange | undefined;
  readonly mayErase: boolean;
  /** Stopped by trouble with the look-ups; undefined to throw it. */
  readonly control?: RunControl;
}

async function openChanges({ request, change, ...options }: ChangesOptions, session: Session): Promise<Changes> {
  const inputs = await openLookUp(request, session);
  const rows =
    change === undefined
      ? fileRows(request.from ?? '-', request, session)
      : optionRows(change, request, session, (page) => inputs?.add(page));
  if (inputs === undefined) return { steps: uncomparedSteps(rows), comparison: undefined };
  const comparison = new RowComparison({ lookUp: (ids) => inputs.find(ids), ...options });
  return { steps: comparison.steps(rows), comparison };
}

/** Sends changes; with `--undo` it saves before what they change. */
async function sendSaved(changes: Changes, run: SendRun, session: Session): Promise<ExitCode> {
  const { undo, memberships } = run;
  if (undo === undefined) return await send(changes, run, session);
  if (hasMemberships(memberships)) session.messages.info('note: --undo does not save which datasets inputs are in');
  const service = await session.service();
  const file = await RowFile.create(resolve(session.context.cwd, undo), { option: `--undo ${undo}`, replace: false });
  try {
    return await send({ ...changes, steps: saveBeforeChange(changes.steps, service, file) }, run, session);
  } finally {
    await file.close();
  }
}

/** The service changes an input before it refuses a dataset that is not there. */
async function assertDatasets({ joined, left }: Memberships, session: Session): Promise<void> {
  const named = [...joined, ...left];
  const missing = named.length === 0 ? [] : await missingDatasets(await session.service(), named);
  if (missing.length === 0) return;
  throw new UsageError(`no ${missing.length === 1 ? 'dataset' : 'datasets'} ${missing.join(', ')} in the app`, {
    hint: 'create it in the app, or check the ID',
  });
}

/** What changes are compared with; undefined where a plan has no key to ask with, or prints what was typed. */
async function openLookUp(request: PatchRequest, session: Session): Promise<SelectedInputs | undefined> {
  if (request.curl && request.from === undefined) return undefined;
  const isPlan = request.dryRun || request.curl;
  if (isPlan && session.settings()['api-key'] === undefined) return undefined;
  return new SelectedInputs(await session.service());
}

async function confirmErasure(
  request: PatchRequest,
  change: OptionChange | undefined,
  session: Session,
): Promise<boolean> {
  if (request.confirmed) return true;
  if (change !== undefined) return await confirmOptions(change, request, session);
  const { from = '-' } = request;
  const lookUp: CompareOptions['lookUp'] = async (ids) => await (await session.service()).getInputs(ids);
  return await confirmRows(() => fileRows(from, request, session), { name: from, lookUp }, request, session);
}

interface SendRun {
  readonly memberships: Memberships;
  readonly control: RunControl;
  /** The file that takes the previous states, if one does; the next run needs another. */
  readonly undo: string | undefined;
}

async function send(
  { steps, comparison }: Changes,
  { memberships, control, undo }: SendRun,
  session: Session,
): Promise<ExitCode> {
  const width = Number(session.settings().concurrency?.value);
  const report = new OutcomeReport(session, ['patched', 'unchanged']);
  try {
    const service = await session.service();
    const sent = sendChanges(steps, { service, control, width });
    const records = hasMemberships(memberships) ? changeMemberships(sent, memberships, { service, control }) : sent;
    for await (const record of records) {
      comparison?.settle(record.id);
      await report.add(record);
    }
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    control.stop(error);
  } finally {
    await report.end();
  }
  if (control.reason !== undefined) tellStop(control.reason, undo, session);
  else if (report.total === 0) session.messages.info('no inputs: nothing to change');
  return exitCodeFor(report, control.reason);
}

function exitCodeFor(report: OutcomeReport<'patched' | 'unchanged'>, reason: CliError | undefined): ExitCode {
  const failed = report.count('failed') > 0 ? exitCodes.partial : exitCodes.ok;
  return worstExitCode([reason?.exitCode ?? exitCodes.ok, failed]);
}

/** Why the run stopped, and how to resume it. */
function tellStop(reason: CliError, undo: string | undefined, { messages, commandLine }: Session): void {
  messages.fail(reason);
  const resume = undo === undefined ? 'resume with' : 'resume with another --undo file';
  messages.hint(`the run stopped before everything was read; ${resume}: ${commandLine}`);
}

/** Rows as they stand, where the app can't be asked what it has. */
async function* uncomparedSteps(rows: AsyncIterable<PatchRow>): AsyncGenerator<PatchStep> {
  for await (const row of rows) {
    if (row.problem !== undefined) {
      yield badRow(row);
      continue;
    }
    const { id } = row.change;
    const edits = editsOfRow(row.change);
    if (edits.length > 0) yield* changesOf(id, edits);
    else yield { id, status: recordStatus(statusCodes.inputModified), outcome: 'unchanged' };
  }
}

/** True for rows from stdin or another pipe: they can't be looked through before the first of them is sent. */
async function isReadOnce({ from }: PatchRequest, { context }: Session): Promise<boolean> {
  if (from === undefined || from === '-') return from === '-';
  const stats = await stat(resolve(context.cwd, from)).catch(() => undefined);
  return stats !== undefined && !stats.isFile();
}
