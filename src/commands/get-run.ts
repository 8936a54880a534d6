import { resolve } from 'node:path';
import type { AppInput } from '../api/decode.js';
import { DownloadFolder } from '../core/downloads.js';
import { fetched } from '../core/fetching.js';
import { exitCodes, type ExitCode } from '../errors.js';
import { plain } from '../render/text.js';
import type { GetRequest } from './get.js';
import { idsFrom } from './ids-argument.js';
import { inputWriter } from './input-output.js';
import { MissingInputs } from './missing-inputs.js';
import type { Session } from './session.js';

/** Prints the inputs that are there, saves their media if asked, and names those that are not there. */
export async function runGet(request: GetRequest, session: Session): Promise<ExitCode> {
  const ids = await idsFrom(request.words, session);
  const missing = new MissingInputs(session);
  const writer = inputWriter(session);
  const downloads = await downloadsFor(request, session);
  try {
    for await (const found of ids.length === 0 ? [] : fetched(await session.client(), ids)) {
      await writer.write(found.inputs.map(({ raw }) => raw));
      missing.name(found.missing);
      await downloads?.save(found.inputs);
      if (writer.closed && downloads === undefined) break;
    }
  } finally {
    await writer.end();
  }
  if (ids.length === 0) missing.nothingAsked();
  return missing.any || downloads?.failed === true ? exitCodes.partial : exitCodes.ok;
}

/** Saves media and tells of each on stderr. */
class Downloads {
  failed = false;
  readonly #folder: DownloadFolder;
  readonly #session: Session;

  constructor(folder: DownloadFolder, session: Session) {
    this.#folder = folder;
    this.#session = session;
  }

  async save(inputs: readonly AppInput[]): Promise<void> {
    const { context, options } = this.#session;
    for (const input of inputs) {
      context.stopping.throwIfAborted();
      const download = await this.#folder.save(input);
      if (download.outcome === 'failed') {
        this.failed = true;
        context.stderr.write(`failed: ${plain(input.id)}: ${plain(download.reason)}\n`);
      } else if (!options.quiet) {
        const what = download.outcome === 'saved' ? 'saved' : 'already there';
        context.stderr.write(`${what}: ${plain(download.path)}\n`);
      }
    }
  }
}

async function downloadsFor(request: GetRequest, session: Session): Promise<Downloads | undefined> {
  if (request.download === undefined) return undefined;
  const folder = resolve(session.context.cwd, request.download);
  return new Downloads(await DownloadFolder.open(folder, await session.client()), session);
}
