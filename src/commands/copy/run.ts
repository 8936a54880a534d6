import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import type { AppInput } from '../../api/answers.js';
import type { AddJob } from '../../core/add/pipeline.js';
import type { Final } from '../../core/model/steps.js';
import { missingDatasets, type DatasetMemberships } from '../../core/read/datasets.js';
import { selectInputs } from '../../core/read/select.js';
import { Spool } from '../../core/read/spool.js';
import { RowFile } from '../../core/rows/row-writer.js';
import { appSteps } from '../../core/sources/app-inputs.js';
import { UsageError, type ExitCode } from '../../errors.js';
import { openAppPair, type AppPair } from '../../session/app-pair.js';
import { assertNotTogether } from '../../session/option-rules.js';
import { serviceUrl } from '../../session/service-url.js';
import type { Session } from '../../session/session.js';
import { maxBodyBytes, maxInputsPerRequest } from '../../wire/messages.js';
import { openFilter } from '../options/where.js';
import { readMemberships } from '../output/memberships.js';
import { runPlan } from '../output/add-plan.js';
import { runUpload } from '../output/upload.js';
import type { CopyRequest } from './command.js';
import { PartsLeft } from './parts-left.js';

/** Adds the inputs of one app to another: an upload whose sources are inputs. */
export async function runCopy(request: CopyRequest, session: Session): Promise<ExitCode> {
  assertNotTogether({ '--app-id': session.options.given['app-id'] !== undefined }, { 'FROM and TO': true });
  const apps = await openAppPair(request, session);
  const left = new PartsLeft();
  try {
    const job = await buildCopyJob(request, apps, left);
    return request.dryRun ? await runPlan(job, { curl: false }, apps.to) : await copyInputs(request, job, apps);
  } finally {
    for (const line of left.lines()) session.messages.info(line);
    await apps.close();
  }
}

const noMemberships: DatasetMemberships = { datasets: [], datasetsOf: () => [] };

async function buildCopyJob(request: CopyRequest, { from, to }: AppPair, left: PartsLeft): Promise<AddJob> {
  const { cwd } = to.context;
  const width = Number(to.settings().concurrency?.value);
  const service = await from.service();
  const pages = selectInputs(service, await openFilter(request.where, from));
  const { datasets, datasetsOf } = request.skipDatasets ? noMemberships : await readMemberships(from);
  await assertDatasets(datasets, request.to, to);
  const inputs = {
    name: request.from,
    pages,
    service,
    width,
    apiOrigin: serviceUrl(from).origin,
    includeFailed: request.includeFailed,
    datasetsOf,
    onInput: (input: AppInput) => {
      left.count(input);
    },
  };
  return {
    drafts: (control) => appSteps(inputs, cwd, control),
    hasFixedIds: true,
    identification: {
      cwd,
      idFrom: 'hash',
      // an app may have a URL twice, under two ids
      allowDuplicateUrl: true,
      skipUnsupported: false,
      conceptFromDir: false,
      recordPath: false,
      sidecars: false,
      onInexactNumbers: () => undefined,
    },
    maxRequest: { inputs: maxInputsPerRequest, bytes: maxBodyBytes },
    width,
    rules: { onConflict: request.onConflict, onFailed: 'keep' },
    failEmpty: false,
    waitMs: request.waitMs,
    isEndless: false,
  };
}

/** An input that names a dataset which is not there would be refused. */
async function assertDatasets(datasets: readonly string[], name: string, to: Session): Promise<void> {
  const missing = await missingDatasets(await to.service(), datasets);
  if (missing.length === 0) return;
  throw new UsageError(`'${name}' lacks ${missing.length === 1 ? 'dataset' : 'datasets'} ${missing.join(', ')}`, {
    hint: 'create what is missing, or pass --skip-datasets',
  });
}

async function copyInputs({ failures: file }: CopyRequest, job: AddJob, { from, to }: AppPair): Promise<ExitCode> {
  const failures =
    file === undefined
      ? undefined
      : await RowFile.create(resolve(to.context.cwd, file), { option: `--failures ${file}`, replace: true });
  const spool = await Spool.open(tmpdir(), await from.service());
  try {
    const onFinal = async (step: Final): Promise<void> => {
      const { id, outcome, status } = step.record;
      const reason = `${status.name}: ${status.description}`;
      if (outcome === 'failed') await failures?.write([{ id, code: status.code, reason }]);
    };
    return await runUpload(job, { spool, onFinal }, to);
  } finally {
    to.messages.verbose(`media on its way: at most ${spool.peakBytes} bytes on disk in ${spool.folder}`);
    await spool.close();
    await failures?.close();
  }
}
