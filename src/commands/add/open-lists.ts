import { texts } from '../../core/rows/text-decoder.js';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Clock } from '../../context.js';
import { assertMapOption } from '../options/columns.js';
import { numberedLines } from '../../core/rows/lines.js';
import { maxLineChars, type SourceList } from '../../core/sources/lists.js';
import { manifestFields, manifestRows, type Manifest } from '../../core/sources/manifest.js';
import type { OnInexactNumbers } from '../../core/rows/schema.js';
import { fileChunks } from '../../session/file-chunks.js';
import type { Session } from '../../session/session.js';
import type { SourceRequest } from './source-options.js';

/**
 * The lists that name sources, opened: what can't be read, or has a header that can't be right, is told before
 * anything is sent.
 *
 * @throws UsageError
 */
export async function openLists(
  flags: SourceRequest,
  session: Session,
  onInexactNumbers: OnInexactNumbers,
): Promise<readonly SourceList[]> {
  const lists: SourceList[] = [];
  for (const file of flags.urlLists) lists.push(await openLines(file, '--url-list', { holds: 'urls' }, session));
  for (const file of flags.pathLists) {
    lists.push(await openLines(file, '--files-from', { holds: 'paths', nul: flags.nul }, session));
  }
  assertMapOption(flags.columns, manifestFields);
  for (const file of flags.manifests) {
    const pauseClock = await pauseClockOf(file, session);
    lists.push({ ...(await openManifest(file, flags, session)), onInexactNumbers, pauseClock });
  }
  if (flags.fromStdin) lists.push(await openLines('-', '', { holds: 'both' }, session));
  return lists;
}

async function openLines(
  file: string,
  option: string,
  { holds, nul = false }: { readonly holds: 'urls' | 'paths' | 'both'; readonly nul?: boolean },
  session: Session,
): Promise<SourceList> {
  const chunks = texts(await openInput(file, option, session));
  const lines = numberedLines(chunks, maxLineChars, nul ? '\0' : '\n');
  const pauseClock = await pauseClockOf(file, session);
  return { at: 'lines', name: nameOf(file), holds, unit: nul ? 'item' : 'line', lines, pauseClock };
}

async function openManifest(
  file: string,
  { columns, transientOnly, includeFailed }: SourceRequest,
  session: Session,
): Promise<Omit<Manifest, 'onInexactNumbers'>> {
  const { cwd } = session.context;
  const name = nameOf(file);
  const rows = await readFirst(manifestRows(await openInput(file, '--manifest', session), name, columns));
  return {
    at: 'rows',
    name,
    folder: file === '-' ? cwd : dirname(resolve(cwd, file)),
    rows,
    transientOnly,
    includeFailed,
  };
}

/** Only a file is all there; what comes from another program comes when that program has it. */
async function pauseClockOf(file: string, { context }: Session): Promise<Clock | undefined> {
  if (file === '-') return context.clock;
  const stats = await stat(resolve(context.cwd, file)).catch(() => undefined);
  return stats?.isFile() === true ? undefined : context.clock;
}

/** A file is read from at once, to know that it can be; what comes on stdin may take its time. */
async function openInput(
  file: string,
  option: string,
  { context, stdin }: Session,
): Promise<AsyncIterable<string | Uint8Array>> {
  if (file === '-') return stdin.take(`${option} -`.trimStart());
  return await readFirst(fileChunks(file, option, context));
}

/** A generator that has come to its first item, so that what is wrong from the start is thrown now. */
async function readFirst<T>(items: AsyncGenerator<T>): Promise<AsyncGenerator<T>> {
  const first = await items.next();
  const all = async function* (): AsyncGenerator<T> {
    if (first.done !== true) yield first.value;
    for await (const item of items) yield item;
  };
  return all();
}

function nameOf(file: string): string {
  return file === '-' ? 'stdin' : file;
}
