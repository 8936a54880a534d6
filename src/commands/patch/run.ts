import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { RunControl } from '../../core/model/run-control.js';
import { recordStatus } from '../../core/model/status-catalog.js';
import { patchRows, type PatchRow } from '../../core/changes/rows.js';
import { changesOf, editsFor, type Edit } from '../../core/changes/edits.js';
import { sendChanges, type PatchRecord, type PatchStep } from '../../core/changes/send.js';
import { selectInputs } from '../../core/read/select.js';
import { RowFile } from '../../core/rows/row-writer.js';
import { savedFirst } from '../../core/changes/undo.js';
import { exitCodes, worstExitCode, type ExitCode } from '../../errors.js';
import { idsFrom } from '../options/ids.js';
import { parseFilter } from '../options/where.js';
import { OutcomeReport } from '../output/outcome-report.js';
import { confirmOverwrite, describeErasure, describeRowErasure } from './confirm-overwrite.js';
import type { PatchRequest } from './command.js';
import { runPatchPlan } from './plan.js';
import { fileChunks } from '../../session/option-files.js';
import type { Session } from '../../session/session.js';
import { readPayload } from '../options/payload.js';

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
  if (!planned && asked && !(await confirmErasure(request, edits, session))) return exitCodes.ok;
  const steps = stepsOf({ request, edits, asked }, session);
  if (planned) return await runPatchPlan(steps, { curl: request.curl }, session);
  if (request.undo === undefined) return await send(steps, session);
  const service = await session.service();
  const undo = await RowFile.create(resolve(session.context.cwd, request.undo), {
    option: `--undo ${request.undo}`,
    replace: false,
  });
  try {
    return await send(savedFirst(steps, service, undo), session);
  } finally {
    await undo.close();
  }
}

async function confirmErasure(request: PatchRequest, edits: readonly Edit[], session: Session): Promise<boolean> {
  if (request.confirmed) return true;
  const { from } = request;
  const erased =
    from === undefined
      ? describeErasure(edits, request)
      : await describeRowErasure(rowsOf(from, request, session), from);
  return erased === undefined || (await confirmOverwrite(erased, request, session));
}

async function send(steps: AsyncIterable<PatchStep>, session: Session): Promise<ExitCode> {
  const { context, messages } = session;
  const control = new RunControl(context.stopping);
  const width = Number(session.settings().concurrency?.value ?? 1);
  const report = new OutcomeReport(session, ['patched']);
  try {
    for await (const record of sendChanges(steps, { service: await session.service(), control, width }))
      await report.add(record);
  } finally {
    await report.end();
  }
  if (report.total === 0) messages.info('no inputs: nothing to change');
  if (control.reason !== undefined) {
    messages.fail(control.reason);
    messages.info(`hint: there may be more than those read; go on with the same command: ${session.commandLine}`);
  }
  return worstExitCode([
    control.reason?.exitCode ?? exitCodes.ok,
    report.count('failed') > 0 ? exitCodes.partial : exitCodes.ok,
  ]);
}

/** What the flags ask for; rows bring their own. */
async function editsOf(request: PatchRequest, session: Session): Promise<readonly Edit[]> {
  if (request.from !== undefined) return [];
  const notes = await readPayload(request.payload, session.context.cwd);
  return editsFor(notes, request.removals, request.action);
}

interface Work {
  readonly request: PatchRequest;
  readonly edits: readonly Edit[];
  /** False if nobody could be asked whether rows may overwrite. */
  readonly asked: boolean;
}

async function* stepsOf({ request, edits, asked }: Work, session: Session): AsyncGenerator<PatchStep> {
  if (request.from !== undefined) {
    for await (const row of rowsOf(request.from, request, session)) yield stepOf(row, asked);
    return;
  }
  if (request.where.length === 0) {
    for (const id of await idsFrom(request.words, session)) yield* changesOf(id, edits);
    return;
  }
  const selectors = parseFilter(request.where, session);
  for await (const page of selectInputs(await session.service(), selectors)) {
    for (const { id } of page) yield* changesOf(id, edits);
  }
}

function rowsOf(from: string, request: PatchRequest, session: Session): AsyncIterable<PatchRow> {
  const stream = from === '-' ? session.stdin.take('--from -') : fileChunks(from, '--from', session.context.cwd);
  return patchRows(stream, from === '-' ? 'stdin' : from, request.action ?? 'merge');
}

function stepOf(row: PatchRow, asked: boolean): PatchStep {
  if (row.problem !== undefined) return badRow(row.line, row.id, row.problem);
  const erases = !asked && row.change.action === 'overwrite';
  return erases ? badRow(row.line, row.change.id, 'overwrites what it does not name: give --yes') : row.change;
}

/** True for rows from stdin or another pipe: they can't be looked through before the first of them is sent. */
async function isReadOnce({ from }: PatchRequest, { context }: Session): Promise<boolean> {
  if (from === undefined || from === '-') return from === '-';
  const stats = await stat(resolve(context.cwd, from)).catch(() => undefined);
  return stats !== undefined && !stats.isFile();
}

function badRow(line: number, id: string | null, problem: string): PatchRecord {
  return { id, status: recordStatus('UNREADABLE', `line ${line}: ${problem}`), outcome: 'failed' };
}
