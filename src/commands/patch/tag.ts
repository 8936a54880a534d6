import { resolve } from 'node:path';
import type { InputsService } from '../../api/service.js';
import type { TextInput } from '../../context.js';
import type { IdList } from '../../core/ids/id-list.js';
import { getInputsById } from '../../core/read/by-id.js';
import { RunControl } from '../../core/model/run-control.js';
import { mediaBytes } from '../../core/read/media-bytes.js';
import { selectInputs, type Pages } from '../../core/read/select.js';
import { RowFile } from '../../core/rows/row-writer.js';
import { tagInput } from '../../core/tag/input.js';
import { TagSession, type TagPage, type TagSessionParts, type TagSource } from '../../core/tag/session.js';
import { exitCodes, UsageError, type ExitCode } from '../../errors.js';
import { PictureCache } from '../../render/tagger/picture-cache.js';
import type { PictureRenderer } from '../../render/picture/picture.js';
import { createFullScreen, createPlainScreen, type Screen } from '../../render/tagger/screen.js';
import { promptRows } from '../../render/tagger/lines.js';
import { runTagger } from '../../render/tagger/tagger.js';
import { pictureRendererFor } from '../output/picture-options.js';
import { idsFrom } from '../options/ids.js';
import { openFilter } from '../options/where.js';
import type { PatchRequest } from './command.js';
import { reportTagging } from './tag-report.js';
import { canPrompt, type Session } from '../../session/session.js';
import { stderrColours } from '../../session/stderr-colours.js';

/** Shows one input after the other, takes concepts by keys, and saves each input once it is left. */
export async function runTagging(request: PatchRequest, session: Session): Promise<ExitCode> {
  const { context, options } = session;
  if (!request.words.includes('-')) {
    if (!canPrompt(session)) throw noTerminal();
    return await tag(request, session, context.stdin);
  }
  const terminal = options.input && context.stderr.isTTY === true ? context.openTerminal() : undefined;
  if (terminal === undefined) throw noTerminal();
  try {
    return await tag(request, session, terminal);
  } finally {
    terminal.destroy();
  }
}

function noTerminal(): UsageError {
  return new UsageError('--interactive requires a terminal', {
    hint: 'pass the changes as rows: clarifai-inputs patch --from FILE',
  });
}

async function tag(request: PatchRequest, session: Session, terminal: TextInput): Promise<ExitCode> {
  const source = await openSource(request, session);
  const undoFile = await openUndoFile(request, session);
  try {
    return await tagSource(
      { source, undoFile, pinned: request.payload.concepts.map(({ id }) => id) },
      session,
      terminal,
    );
  } finally {
    await undoFile?.close();
  }
}

type TagJob = Pick<TagSessionParts, 'source' | 'undoFile' | 'pinned'>;

async function tagSource(job: TagJob, session: Session, terminal: TextInput): Promise<ExitCode> {
  const { context } = session;
  const service = await session.service();
  const control = new RunControl(context.stopping);
  const renderer = isPlain(session) ? undefined : pictureRendererFor(session);
  const tagging = new TagSession({ ...job, service, control });
  await tagging.start();
  const pictures = new PictureCache({
    fetch: (address, signal) => mediaBytes(service, address, signal),
    renderer,
    onChange: () => {
      tagging.onChange();
    },
  });
  const screen = createScreen(renderer, session);
  try {
    const tagger = { session: tagging, pictures, screen, terminal, colours: stderrColours(session) };
    if (tagging.state.inputs.length > 0) await runTagger(tagger, context);
  } finally {
    await finishSaving(tagging, session);
    await reportTagging(tagging, session);
  }
  const reason = control.reason ?? tagging.problem;
  if (reason !== undefined) throw reason;
  const isPartial = tagging.missing.length > 0 || tagging.records.some(({ outcome }) => outcome === 'failed');
  return isPartial ? exitCodes.partial : exitCodes.ok;
}

async function openUndoFile({ undo }: PatchRequest, { context }: Session): Promise<RowFile | undefined> {
  if (undo === undefined) return undefined;
  return await RowFile.create(resolve(context.cwd, undo), { option: `--undo ${undo}`, replace: false });
}

function createScreen(renderer: PictureRenderer | undefined, session: Session): Screen {
  const { stderr } = session.context;
  if (isPlain(session)) return createPlainScreen(stderr);
  return createFullScreen(stderr, { promptRows, overKitty: renderer?.protocol === 'kitty' });
}

/** True where lines can't be drawn over: on the simplest terminals, and where each request is told between them. */
function isPlain({ context, options }: Session): boolean {
  return context.env['TERM'] === 'dumb' || options.verbose;
}

/** The inputs that were asked for. Their number is known of ids and of a whole app, not of what selectors find. */
async function openSource(request: PatchRequest, session: Session): Promise<TagSource> {
  const service = await session.service();
  if (request.words.length > 0) {
    const ids = await idsFrom(request.words, session);
    return { pages: pagesById(ids, service), countTotal: () => Promise.resolve(ids.size) };
  }
  const selectors = await openFilter(request.where, session);
  const countTotal = async (): Promise<number | undefined> =>
    selectors.length > 0
      ? undefined
      : Object.values(await service.countInputs()).reduce((sum, count) => sum + count, 0);
  return { pages: pagesOfApp(selectInputs(service, selectors)), countTotal };
}

async function* pagesById(ids: IdList, service: InputsService): AsyncGenerator<TagPage> {
  for await (const { inputs, missing } of getInputsById(service, ids)) yield { inputs: inputs.map(tagInput), missing };
}

async function* pagesOfApp(pages: Pages): AsyncGenerator<TagPage> {
  for await (const page of pages) yield { inputs: page.map(tagInput), missing: [] };
}

/** Waits for what is on its way. */
async function finishSaving(tagging: TagSession, session: Session): Promise<void> {
  const tell = (): void => {
    if (tagging.waiting > 0) session.messages.info(`saving ${tagging.waiting}…`);
  };
  tell();
  tagging.onChange = tell;
  await tagging.finish();
}
