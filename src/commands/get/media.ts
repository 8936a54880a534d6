import { resolve } from 'node:path';
import { DownloadFolder } from '../../core/read/download-folder.js';
import { mediaBytes } from '../../core/read/media-bytes.js';
import { tagInput } from '../../core/tag/input.js';
import { formatPreview } from '../../render/picture/preview.js';
import { sanitizeForTerminal } from '../../render/text.js';
import type { InputTasks } from '../output/inputs-by-id.js';
import { pictureRendererFor } from '../output/picture-options.js';
import type { GetRequest } from './command.js';
import type { Session } from '../../session/session.js';
import { stderrColours } from '../../session/stderr-colours.js';

/** What to do with the media of the inputs that `get` finds. */
export async function mediaTasks(request: GetRequest, session: Session): Promise<InputTasks> {
  return {
    ...(request.preview && { show: await previewing(session) }),
    ...(request.download !== undefined && { save: await downloading(request.download, session) }),
  };
}

/** Draws on stderr, so that stdout is data alone. What can't be drawn says so in its place. */
async function previewing(session: Session): Promise<NonNullable<InputTasks['show']>> {
  const { stderr, stopping } = session.context;
  const service = await session.service();
  const viewOptions = {
    fetch: (address: string, signal: AbortSignal) => mediaBytes(service, address, signal),
    renderer: pictureRendererFor(session),
    signal: stopping,
  };
  const terminal = { columns: stderr.columns ?? 80, rows: stderr.rows ?? 24 };
  return async (inputs) => {
    for (const input of inputs) {
      stopping.throwIfAborted();
      session.messages.draw(await formatPreview(tagInput(input), viewOptions, terminal));
    }
  };
}

/** Saves media and tells of each on stderr. */
async function downloading(dir: string, session: Session): Promise<NonNullable<InputTasks['save']>> {
  const { context, messages } = session;
  const { cwd, platform } = context;
  const folder = await DownloadFolder.open({ folder: resolve(cwd, dir), service: await session.service(), platform });
  return async (input) => {
    context.stopping.throwIfAborted();
    const download = await folder.save(input);
    if (download.outcome === 'failed') {
      messages.failInput(input.id, { code: null, name: '', description: download.reason }, stderrColours(session));
      return undefined;
    }
    const what = download.outcome === 'saved' ? 'saved' : 'already there';
    messages.info(`${what}: ${sanitizeForTerminal(download.path)}`);
    return { path: download.path };
  };
}
