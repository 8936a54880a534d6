import type { AppInput } from '../../api/answers.js';
import { streamPages } from '../../api/pages.js';
import { followStream } from '../../core/read/follow-stream.js';
import { filterPages, type Pages } from '../../core/read/select.js';
import { CliError, InterruptedError, type ExitCode } from '../../errors.js';
import { shellWord } from '../../render/text.js';
import { openFilter } from '../options/where.js';
import { printPages } from '../output/input-writer.js';
import type { Session } from '../../session/session.js';
import type { StreamRequest } from './command.js';

/** Prints inputs by cursor; interrupted, it tells how to go on. */
export async function runStream(request: StreamRequest, session: Session): Promise<ExitCode> {
  const { clock, stopping } = session.context;
  const selectors = await openFilter(request.where, session);
  const service = await session.service();
  const pages = request.follow ? followStream(service, request, { clock, stopping }) : streamPages(service, request);
  const cursor = new Cursor(request.lastId);
  try {
    return await printPages(cursor.watched(filterPages(pages, selectors, request.limit)), session);
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    throw new StreamInterrupted(error, goOn(cursor.lastId, request));
  }
}

/** Remembers the last input that was printed. */
class Cursor {
  lastId: string | undefined;

  constructor(lastId: string | undefined) {
    this.lastId = lastId;
  }

  async *watched(pages: Pages): AsyncGenerator<readonly AppInput[]> {
    for await (const page of pages) {
      yield page;
      this.lastId = page.at(-1)?.id ?? this.lastId;
    }
  }
}

class StreamInterrupted extends CliError {
  readonly exitCode: ExitCode;

  constructor(interrupted: InterruptedError, hint: string) {
    super(interrupted.message, { hint });
    this.exitCode = interrupted.exitCode;
  }
}

function goOn(lastId: string | undefined, request: StreamRequest): string {
  const words = ['clarifai-inputs', 'stream'];
  if (lastId !== undefined) words.push('--last-id', lastId);
  if (request.descending) words.push('--descending');
  if (request.follow) words.push('--follow');
  for (const where of request.where) words.push('--where', where);
  return `resume with: ${words.map(shellWord).join(' ')}`;
}
