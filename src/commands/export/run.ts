import { resolve } from 'node:path';
import { exportInputs, type ExportRecord, type ExportStep } from '../../core/export/export.js';
import { ExportFolder } from '../../core/export/export-folder.js';
import { DownloadFolder } from '../../core/read/download-folder.js';
import { filterPages, selectInputs } from '../../core/read/select.js';
import { exitCodes, InterruptedError, type ExitCode } from '../../errors.js';
import { countText } from '../../render/plural.js';
import { exportView, type ExportCounts } from '../../render/progress/export-view.js';
import { openReporter } from '../../render/progress/reporter.js';
import { sanitizeForTerminal } from '../../render/text.js';
import { relatedCommand } from '../../session/related-command.js';
import { serviceUrl } from '../../session/service-url.js';
import type { Session } from '../../session/session.js';
import type { JsonObject } from '../../wire/json.js';
import { openFilter } from '../options/where.js';
import { readMemberships } from '../output/memberships.js';
import { OutcomeReport } from '../output/outcome-report.js';
import type { ExportRequest } from './command.js';

/** Saves what is selected, and tells what became of each input; run again, it goes on. */
export async function runExport(request: ExportRequest, session: Session): Promise<ExitCode> {
  const { context, messages } = session;
  await session.service();
  const folder = await ExportFolder.open(resolve(context.cwd, request.folder), selectionOf(request, session));
  try {
    const figures = await report(await openExport(request, folder, session), session);
    const kept = await folder.finish();
    if (kept !== undefined)
      messages.info(`note: the manifest of an earlier export is now ${sanitizeForTerminal(kept)}`);
    messages.info(`${countText(figures.saved, 'media file')} saved`);
    const restore = ['add', '--manifest', `${request.folder}/inputs.ndjson`];
    messages.info(`restore with: ${relatedCommand(restore, session)}`);
    return figures.failed > 0 ? exitCodes.partial : exitCodes.ok;
  } catch (error) {
    await folder.abandon();
    if (error instanceof InterruptedError) messages.hint(`resume with: ${session.commandLine}`);
    throw error;
  }
}

/** What a folder is the export of; a sandbox of this machine has another address each time. */
function selectionOf({ where, limit, media }: ExportRequest, session: Session): JsonObject {
  const settings = session.settings();
  return {
    service: session.options.sandbox ? 'sandbox' : serviceUrl(session).origin,
    user: settings['user-id']?.value ?? null,
    app: settings['app-id']?.value ?? null,
    where: [...where],
    limit: limit ?? null,
    media,
  };
}

interface OpenedExport {
  readonly steps: AsyncIterable<ExportStep>;
  readonly total: number | undefined;
}

async function openExport(request: ExportRequest, folder: ExportFolder, session: Session): Promise<OpenedExport> {
  const { platform, stopping } = session.context;
  const service = await session.service();
  const selectors = await openFilter(request.where, session);
  const { datasetsOf } = await readMemberships(session);
  const isWhole = selectors.length === 0 && request.limit === undefined;
  const total = isWhole ? sum(Object.values(await service.countInputs())) : undefined;
  const steps = exportInputs(filterPages(selectInputs(service, selectors), [], request.limit), {
    folder,
    service,
    downloads: await DownloadFolder.open({ folder: folder.mediaPath, service, platform }),
    mode: request.media,
    apiOrigin: serviceUrl(session).origin,
    width: Number(session.settings().concurrency?.value),
    stopping,
    datasetsOf,
  });
  return { steps, total };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

async function report({ steps, total }: OpenedExport, session: Session): Promise<ExportCounts> {
  const { context, messages, options } = session;
  const outcomes = new OutcomeReport<ExportRecord['outcome']>(session, ['exported']);
  const counts: ExportCounts = { exported: 0, failed: 0, saved: 0, total };
  const notExported = new Map<string, number>();
  const reporter = await openReporter(context, options, exportView(counts));
  messages.drawing = reporter;
  try {
    for await (const step of steps) {
      counts[step.record.outcome] += 1;
      if (step.isSaved) counts.saved += 1;
      for (const part of step.notExported) notExported.set(part, (notExported.get(part) ?? 0) + 1);
      await outcomes.add(step.record);
    }
  } finally {
    reporter.stop();
    messages.drawing = undefined;
    await outcomes.end();
  }
  for (const [part, count] of notExported) {
    messages.info(`note: ${sanitizeForTerminal(part)} of ${countText(count, 'input')} not exported`);
  }
  return counts;
}
