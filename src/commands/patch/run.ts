import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { RunControl } from '../../core/model/run-control.js';
import { assertMapOption } from '../options/columns.js';
import { patchFields, patchRows, type PatchRow } from '../../core/changes/patch-rows.js';
import { badRow, RowComparison, type CompareOptions } from '../../core/changes/compare.js';
import { changesOf, dataOf, editsFor, type Edit } from '../../core/changes/edits.js';
import { annotationsWithKeys } from '../../core/changes/input-state.js';
import { missingDatasets } from '../../core/read/datasets.js';
import { changeMemberships, hasMemberships, type Memberships } from '../../core/changes/memberships.js';
import { recordStatus } from '../../core/model/status-catalog.js';
import { statusCodes } from '../../wire/status.js';
import { sendChanges, type PatchStep } from '../../core/changes/send.js';
import { selectInputs } from '../../core/read/select.js';
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
import { idsFrom } from '../options/ids.js';
import { openFilter } from '../options/where.js';
import { warnOfInexactNumbers } from '../output/inexact-numbers.js';
import { OutcomeReport } from '../output/outcome-report.js';
import { confirmOverwrite, describeErasure, describeRowErasure } from './confirm-overwrite.js';
import type { PatchRequest } from './command.js';
import { runPatchPlan } from './plan.js';
import { fileChunks } from '../../session/file-chunks.js';
import { readPayload } from '../options/payload.js';
import type { Session } from '../../session/session.js';

/** Changes inputs, and reports what became of each; with `--interactive` it asks what to change. */
export async function runPatch(request: PatchRequest, session: Session): Promise<ExitCode> {
  if (!request.interactive) return await changeInputs(request, session);
  const { runTagging } = await import('./tag.js');
  return await runTagging(request, session);
}

async function changeInputs(request: PatchRequest, session: Session): Promise<ExitCode> {
  const edits = await editsOf(request, session);
  const planned = request.dryRun || request.curl;
  const asked = planned || request.confirmed || !(await isReadOnce(request, session));
  if (!planned && asked && !(await confirmErasure(request, edits, session))) {
    throw new DeclinedError('nothing changed');
  }
  const comparison = await openComparison(request, asked, session);
  const steps = stepsOf({ request, edits, comparison }, session);
  const { memberships } = request;
  if (planned) return await runPatchPlan(steps, { curl: request.curl, comparison, memberships }, session);
  await assertDatasets(memberships, session);
  const onSettled = (id: string | null): void => comparison?.settle(id);
  const run = { memberships, onSettled, undo: request.undo };
  if (request.undo === undefined) return await send(steps, run, session);
  if (hasMemberships(memberships)) session.messages.info('note: --undo does not save which datasets inputs are in');
  const service = await session.service();
  const undo = await RowFile.create(resolve(session.context.cwd, request.undo), {
    option: `--undo ${request.undo}`,
    replace: false,
  });
  try {
    return await send(saveBeforeChange(steps, service, undo), run, session);
  } finally {
    await undo.close();
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

/** Rows are compared with the inputs of the app; undefined where a plan has no key to ask it with. */
async function openComparison(
  request: PatchRequest,
  mayErase: boolean,
  session: Session,
): Promise<RowComparison | undefined> {
  const isPlan = request.dryRun || request.curl;
  if (isPlan && session.settings()['api-key'] === undefined) return undefined;
  const service = await session.service();
  return new RowComparison({ lookUp: (ids) => service.getInputs(ids), mayErase });
}

async function confirmErasure(request: PatchRequest, edits: readonly Edit[], session: Session): Promise<boolean> {
  if (request.confirmed) return true;
  const { from } = request;
  const erased =
    from === undefined ? describeErasure(edits, request) : await describeFileErasure(from, request, session);
  return erased === undefined || (await confirmOverwrite(erased, request, session));
}

async function describeFileErasure(from: string, request: PatchRequest, session: Session): Promise<string | undefined> {
  const lookUp: CompareOptions['lookUp'] = async (ids) => await (await session.service()).getInputs(ids);
  return await describeRowErasure(() => rowsOf(from, request, session), { name: from, lookUp });
}

interface SendRun {
  readonly memberships: Memberships;
  readonly onSettled: (id: string | null) => void;
  /** The file that takes the previous states, if one does; the next run needs another. */
  readonly undo: string | undefined;
}

async function send(
  steps: AsyncIterable<PatchStep>,
  { memberships, onSettled, undo }: SendRun,
  session: Session,
): Promise<ExitCode> {
  const control = new RunControl(session.context.stopping);
  const width = Number(session.settings().concurrency?.value);
  const report = new OutcomeReport(session, ['patched', 'unchanged']);
  try {
    const service = await session.service();
    const sent = sendChanges(steps, { service, control, width });
    const records = hasMemberships(memberships) ? changeMemberships(sent, memberships, { service, control }) : sent;
    for await (const record of records) {
      onSettled(record.id);
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

/** The edits of the flags; rows bring their own. */
async function editsOf(request: PatchRequest, session: Session): Promise<readonly Edit[]> {
  if (request.from !== undefined) return [];
  const annotations = await readPayload(request.payload, session.context, warnOfInexactNumbers(session.messages));
  const edits = editsFor(annotations, request.removals, request.action === 'set' ? undefined : request.action);
  if (edits.length === 0 && !hasMemberships(request.memberships)) {
    throw new UsageError('patch: nothing to change', { hint: 'for example -c dog, --remove-concept cat, --from FILE' });
  }
  return edits;
}

interface Work {
  readonly request: PatchRequest;
  readonly edits: readonly Edit[];
  /** Undefined where the app can't be asked. */
  readonly comparison: RowComparison | undefined;
}

async function* stepsOf({ request, edits, comparison }: Work, session: Session): AsyncGenerator<PatchStep> {
  if (request.from !== undefined) {
    const rows = rowsOf(request.from, request, session);
    if (comparison !== undefined) yield* comparison.steps(rows);
    else for await (const row of rows) yield* plannedSteps(row);
    return;
  }
  if (request.where.length === 0) {
    for (const id of await idsFrom(request.words, session)) yield* editSteps(id, edits);
    return;
  }
  const selectors = await openFilter(request.where, session);
  for await (const page of selectInputs(await session.service(), selectors)) {
    for (const { id } of page) yield* editSteps(id, edits);
  }
}

/** An input without edits is there for its datasets alone. */
function editSteps(id: string, edits: readonly Edit[]): readonly PatchStep[] {
  return edits.length > 0
    ? changesOf(id, edits)
    : [{ id, status: recordStatus(statusCodes.inputModified), outcome: 'unchanged' }];
}

function rowsOf(from: string, request: PatchRequest, session: Session): AsyncIterable<PatchRow> {
  const stream = from === '-' ? session.stdin.take('--from -') : fileChunks(from, '--from', session.context);
  const { action = 'merge', columns } = request;
  assertMapOption(columns, patchFields);
  const onInexactNumbers = warnOfInexactNumbers(session.messages);
  return patchRows(stream, { name: from === '-' ? 'stdin' : from, action, columns, onInexactNumbers });
}

/** A row as it stands, where the app can't be asked what it has: what `set` would remove is not known then. */
function plannedSteps(row: PatchRow): readonly PatchStep[] {
  if (row.problem !== undefined) return [badRow(row)];
  const { id, action } = row.change;
  const asked = action === 'set' ? 'merge' : action;
  return changesOf(id, [{ action: asked, data: dataOf(annotationsWithKeys(row.change), asked) }]);
}

/** True for rows from stdin or another pipe: they can't be looked through before the first of them is sent. */
async function isReadOnce({ from }: PatchRequest, { context }: Session): Promise<boolean> {
  if (from === undefined || from === '-') return from === '-';
  const stats = await stat(resolve(context.cwd, from)).catch(() => undefined);
  return stats !== undefined && !stats.isFile();
}
