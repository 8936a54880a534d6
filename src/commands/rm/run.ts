import { deleteAll, deleteMany, deleteOne, type DeleteRecord, type DeleteOptions } from '../../core/changes/delete.js';
import { chunksOf, type IdList } from '../../core/ids/id-list.js';
import type { InputsService } from '../../api/service.js';
import { getInputsById } from '../../core/read/by-id.js';
import { MissingInputs } from '../output/missing-inputs.js';
import { recordStatus } from '../../core/model/status-catalog.js';
import { DeclinedError, exitCodes, UsageError, worstExitCode, type ExitCode } from '../../errors.js';
import { confirm, typed } from '../../render/prompts.js';
import { noteCurlTransport } from '../output/curl-transport.js';
import { countText } from '../../render/plural.js';
import { curlCommand } from '../../render/output/curl.js';
import { RecordWriter } from '../../render/output/record-writer.js';
import { sanitizeForTerminal } from '../../render/text.js';
import { maxInputsPerRequest } from '../../wire/messages.js';
import { idsFrom } from '../options/ids.js';
import { selectIds } from '../options/where.js';
import { previewIds } from '../output/id-preview.js';
import { OutcomeReport } from '../output/outcome-report.js';
import type { RmRequest } from './command.js';
import { appText, serviceUrl } from '../../session/service-url.js';
import { canPrompt, outputForm, type Session } from '../../session/session.js';

const idsPerWrite = 1000;

/** Collects the ids, asks, deletes, and tells what became of each. */
export async function runRm(request: RmRequest, session: Session): Promise<ExitCode> {
  assertCanConfirm(request, session);
  if (request.curl) noteCurlTransport(session);
  if (request.curl && request.all) return await printDeleteAll(session);
  const ids = await collectIds(request, session);
  const [only] = ids;
  if (only === undefined) {
    session.messages.info('no inputs: nothing to delete');
    return exitCodes.ok;
  }
  assertWithinLimit(request, ids.size);
  if (request.curl) return await printDeletes(ids, session);
  if (request.dryRun) return await listIds(ids, request, session);
  if (!(await confirmDelete(request, ids, session))) throw new DeclinedError('nothing deleted');
  const { clock, stopping } = session.context;
  const options: DeleteOptions = {
    service: await session.service(),
    clock,
    stopping,
    waitMs: request.waitMs,
    areKnown: areKnown(request),
  };
  const records = request.all
    ? deleteAll(ids, options)
    : ids.size === 1
      ? deleteOne(only, options)
      : deleteMany(ids, options);
  return await report(accountForAll(ids, records), request, session);
}

/** True for ids that the app has just listed. */
function areKnown({ words }: RmRequest): boolean {
  return words.length === 0;
}

/** All ids before the first delete, so that deleting never moves the pages under the walk. */
async function collectIds({ all, where, words }: RmRequest, session: Session): Promise<IdList> {
  return all || where.length > 0 ? await selectIds(where, session) : await idsFrom(words, session);
}

/** Without a person to ask, nothing may be sent. */
function assertCanConfirm(request: RmRequest, session: Session): void {
  if (request.confirmed || request.dryRun || request.curl) return;
  if (canPrompt(session) && !request.words.includes('-')) return;
  throw new UsageError('--yes required when not running interactively');
}

function assertWithinLimit({ maxDelete }: RmRequest, count: number): void {
  if (maxDelete === undefined || count <= maxDelete) return;
  throw new UsageError(`${count} inputs, which is more than --max-delete ${maxDelete}; none was deleted`);
}

async function confirmDelete(request: RmRequest, ids: IdList, session: Session): Promise<boolean> {
  if (request.confirmed) return true;
  const { context } = session;
  const count = ids.size;
  const what = `${countText(count, 'input')} ${appText(session)}`;
  previewIds(ids, session);
  if (!request.all) return await confirm(`Delete ${what}?`, context);
  const app = session.settings()['app-id']?.value;
  const expected = app ?? String(count);
  const answer = app === undefined ? `the count, ${count},` : `the app's id, ${sanitizeForTerminal(app)},`;
  return await typed(`This deletes all ${what}. Type ${answer} to confirm:`, expected, context);
}

/** Lists what would be deleted, and names typed IDs that do not exist. */
async function listIds(ids: IdList, request: RmRequest, session: Session): Promise<ExitCode> {
  const writer = new RecordWriter(session.out, {
    form: outputForm(session),
    fields: session.options.fields,
    columns: [{ name: 'id', value: (record) => record['id'] }],
  });
  const missing = new MissingInputs(session);
  let count = 0;
  const chunks = areKnown(request) ? chunksOf(ids, idsPerWrite) : presentIds(ids, missing, await session.service());
  for await (const chunk of chunks) {
    count += chunk.length;
    await writer.write(chunk.map((id) => ({ id })));
  }
  await writer.end();
  session.messages.info(`would delete ${countText(count, 'input')}`);
  return missing.count > 0 ? exitCodes.partial : exitCodes.ok;
}

async function* presentIds(
  ids: IdList,
  missing: MissingInputs,
  service: InputsService,
): AsyncGenerator<readonly string[]> {
  for await (const found of getInputsById(service, ids)) {
    yield found.inputs.map(({ id }) => id);
    missing.name(found.missing);
  }
}

async function printDeleteAll(session: Session): Promise<ExitCode> {
  const url = `${serviceUrl(session).href}/inputs`;
  await session.out.write(curlCommand('DELETE', url, { delete_all: true }));
  return exitCodes.ok;
}

async function printDeletes(ids: IdList, session: Session): Promise<ExitCode> {
  const url = `${serviceUrl(session).href}/inputs`;
  const [only = ''] = ids;
  if (ids.size === 1) await session.out.write(curlCommand('DELETE', `${url}/${encodeURIComponent(only)}`));
  else {
    for (const chunk of chunksOf(ids, maxInputsPerRequest)) {
      await session.out.write(curlCommand('DELETE', url, { ids: chunk }));
    }
  }
  return exitCodes.ok;
}

/** A record for each id, whatever ends the run: what was not got to is unsent. */
async function* accountForAll(ids: IdList, records: AsyncIterable<DeleteRecord>): AsyncGenerator<DeleteRecord> {
  const isTold = new Uint8Array(ids.size);
  try {
    for await (const record of records) {
      const place = ids.placeOf(record.id);
      if (place !== undefined) isTold[place] = 1;
      yield record;
    }
  } catch (error) {
    let place = 0;
    for (const id of ids) {
      if (isTold[place] === 0) yield { id, status: recordStatus('NOT_SENT'), outcome: 'failed' };
      place += 1;
    }
    throw error;
  }
}

async function report(records: AsyncIterable<DeleteRecord>, request: RmRequest, session: Session): Promise<ExitCode> {
  const outcomes = new OutcomeReport(session, ['deleted', 'accepted']);
  try {
    for await (const record of records) await outcomes.add(record);
  } finally {
    await outcomes.end();
  }
  const late = request.waitMs !== undefined && outcomes.count('accepted') > 0;
  if (late)
    session.messages.hint(
      'some are not deleted yet; run the command again with --wait, or check with: clarifai-inputs status',
    );
  return worstExitCode([
    outcomes.count('failed') > 0 ? exitCodes.partial : exitCodes.ok,
    late ? exitCodes.deadline : exitCodes.ok,
  ]);
}
