import type { InputsService } from '../../api/service.js';
import { getInputsById } from '../../core/read/by-id.js';
import { RunControl } from '../../core/model/run-control.js';
import { mediaBytes } from '../../core/read/media-bytes.js';
import { selectInputs, type Pages } from '../../core/read/select.js';
import { tagInput, type TagInput } from '../../core/tag/input.js';
import { TagSession } from '../../core/tag/session.js';
import { exitCodes, UsageError, type ExitCode } from '../../errors.js';
import { Gallery } from '../../render/tagger/picture-cache.js';
import type { Brush } from '../../render/picture/picture.js';
import type { Fetch } from '../../render/picture/media-view.js';
import { fullStage, plainStage, type Stage } from '../../render/tagger/screen.js';
import { promptRows } from '../../render/tagger/lines.js';
import { runTagger } from '../../render/tagger/tagger.js';
import { brushFor } from '../output/picture-options.js';
import { idsFrom } from '../options/ids.js';
import { parseFilter } from '../options/where.js';
import { MissingInputs } from '../output/missing-inputs.js';
import { OutcomeReport } from '../output/outcome-report.js';
import type { PatchRequest } from './command.js';
import { canPrompt, type Session } from '../../session/session.js';
import { stderrColours } from '../../session/stderr-colours.js';

/** Shows one input after the other, takes concepts by keys, and saves each input once it is left. */
export async function runTagging(request: PatchRequest, session: Session): Promise<ExitCode> {
  if (!canPrompt(session) || request.words.includes('-')) {
    throw new UsageError('patch --interactive asks, and there is nobody to ask', {
      hint: 'give the changes as rows: clarifai-inputs patch --from FILE',
    });
  }
  const { context } = session;
  const brush = isPlain(session) ? undefined : brushFor(session);
  const service = await session.service();
  const control = new RunControl(context.stopping);
  const missing: string[] = [];
  const tagging = new TagSession({ service, control, pages: await pagesOf(request, session, missing) });
  await tagging.start();
  const fetch: Fetch = (address, unwanted) => mediaBytes(service, address, unwanted);
  const gallery = new Gallery({
    fetch,
    brush,
    onChange: () => {
      tagging.onChange();
    },
  });
  const stage = stageFor(brush, session);
  try {
    const parts = { session: tagging, gallery, stage, colours: stderrColours(session) };
    if (tagging.state.sheets.length > 0) await runTagger(parts, context);
  } finally {
    await finished(tagging, session);
    await report(tagging, session);
    new MissingInputs(session).name(missing);
  }
  const reason = control.reason ?? tagging.problem;
  if (reason !== undefined) throw reason;
  const isPartial = missing.length > 0 || tagging.records.some(({ outcome }) => outcome === 'failed');
  return isPartial ? exitCodes.partial : exitCodes.ok;
}

function stageFor(brush: Brush | undefined, session: Session): Stage {
  const { stderr } = session.context;
  if (isPlain(session)) return plainStage(stderr);
  return fullStage(stderr, { promptRows, overKitty: brush?.way === 'kitty' });
}

/** True where lines can't be drawn over: on the simplest terminals, and where each request is told between them. */
function isPlain({ context, options }: Session): boolean {
  return context.env['TERM'] === 'dumb' || options.verbose;
}

async function pagesOf(
  request: PatchRequest,
  session: Session,
  missing: string[],
): Promise<AsyncIterable<readonly TagInput[]>> {
  const service = await session.service();
  if (request.words.length > 0) return named(await idsFrom(request.words, session), service, missing);
  const selectors = parseFilter(request.where, session);
  return read(selectInputs(service, selectors));
}

async function* named(
  ids: readonly string[],
  service: InputsService,
  missing: string[],
): AsyncGenerator<readonly TagInput[]> {
  for await (const found of getInputsById(service, ids)) {
    missing.push(...found.missing);
    yield found.inputs.map(tagInput);
  }
}

async function* read(pages: Pages): AsyncGenerator<readonly TagInput[]> {
  for await (const page of pages) yield page.map(tagInput);
}

/** Waits for what is on its way. */
async function finished(tagging: TagSession, session: Session): Promise<void> {
  const tell = (): void => {
    if (tagging.waiting > 0) session.messages.info(`saving ${tagging.waiting}…`);
  };
  tell();
  tagging.onChange = tell;
  await tagging.finish();
}

async function report(tagging: TagSession, session: Session): Promise<void> {
  const outcomes = new OutcomeReport(session, ['patched']);
  for (const record of tagging.records) await outcomes.add(record);
  await outcomes.end();
  if (tagging.state.sheets.length === 0) session.messages.info('no inputs: nothing to tag');
}
