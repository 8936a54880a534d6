import { resolve } from 'node:path';
import { DownloadFolder } from '../../core/read/download-folder.js';
import { mediaBytes } from '../../core/read/media-bytes.js';
import { tagInput } from '../../core/tag/input.js';
import { formatPreview } from '../../render/picture/preview.js';
import { sanitizeForTerminal } from '../../render/text.js';
import type { InputTask } from '../output/inputs-by-id.js';
import { pictureRendererFor } from '../output/picture-options.js';
import type { GetRequest } from './command.js';
import type { Session } from '../../session/session.js';
import { stderrColours } from '../../session/stderr-colours.js';

/** The work to do on the media of the inputs that `get` finds. */
export async function mediaTasks(request: GetRequest, session: Session): Promise<readonly InputTask[]> {
  return [
    ...(request.preview ? [await previewing(session)] : []),
    ...(request.download === undefined ? [] : [await downloading(request.download, session)]),
  ];
}

/** Draws on stderr, so that stdout is data alone. What can't be drawn says so in its place. */
async function previewing(session: Session): Promise<InputTask> {
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
    return true;
  };
}

/** Saves media and tells of each on stderr. */
async function downloading(dir: string, session: Session): Promise<InputTask> {
  const { context, messages } = session;
  const { cwd, platform } = context;
  const folder = await DownloadFolder.open({ folder: resolve(cwd, dir), service: await session.service(), platform });
  return async (inputs) => {
    let good = true;
    for (const input of inputs) {
      context.stopping.throwIfAborted();
      const download = await folder.save(input);
      if (download.outcome === 'failed') {
        good = false;
        messages.failInput(input.id, { code: null, name: '', description: download.reason }, stderrColours(session));
      } else {
        const what = download.outcome === 'saved' ? 'saved' : 'already there';
        messages.info(`${what}: ${sanitizeForTerminal(download.path)}`);
      }
    }
    return good;
  };
}
