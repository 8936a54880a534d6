import { resolve } from 'node:path';
import type { AppInput } from '../../api/answers.js';
import { DownloadFolder } from '../../core/read/download-folder.js';
import { mediaBytes } from '../../core/read/media-bytes.js';
import { tagInput } from '../../core/tag/input.js';
import { preview } from '../../render/picture/preview.js';
import { plain } from '../../render/text.js';
import { brushFor } from '../output/picture-options.js';
import type { GetRequest } from './command.js';
import type { Session } from '../../session/session.js';

/** Does something with the media of inputs; resolves to false if that failed for one of them. */
export type MediaTask = (inputs: readonly AppInput[]) => Promise<boolean>;

/** What is to be done with the media of the inputs that `get` finds. */
export async function mediaTasks(request: GetRequest, session: Session): Promise<readonly MediaTask[]> {
  return [
    ...(request.preview ? [await previewing(session)] : []),
    ...(request.download === undefined ? [] : [await downloading(request.download, session)]),
  ];
}

/** Draws on stderr, so that stdout is data alone. What can't be drawn says so in its place. */
async function previewing(session: Session): Promise<MediaTask> {
  const { stderr, stopping } = session.context;
  const service = await session.service();
  const looking = {
    fetch: (address: string, unwanted: AbortSignal) => mediaBytes(service, address, unwanted),
    brush: brushFor(session),
    unwanted: stopping,
  };
  const terminal = { columns: stderr.columns ?? 80, rows: stderr.rows ?? 24 };
  return async (inputs) => {
    for (const input of inputs) {
      stopping.throwIfAborted();
      stderr.write(await preview(tagInput(input), looking, terminal));
    }
    return true;
  };
}

/** Saves media and tells of each on stderr. */
async function downloading(dir: string, session: Session): Promise<MediaTask> {
  const { context, options } = session;
  const { cwd, platform } = context;
  const folder = await DownloadFolder.open({ folder: resolve(cwd, dir), service: await session.service(), platform });
  return async (inputs) => {
    let good = true;
    for (const input of inputs) {
      context.stopping.throwIfAborted();
      const download = await folder.save(input);
      if (download.outcome === 'failed') {
        good = false;
        context.stderr.write(`failed: ${plain(input.id)}: ${plain(download.reason)}\n`);
      } else if (!options.quiet) {
        const what = download.outcome === 'saved' ? 'saved' : 'already there';
        context.stderr.write(`${what}: ${plain(download.path)}\n`);
      }
    }
    return good;
  };
}
