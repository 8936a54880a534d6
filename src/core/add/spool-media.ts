import { InterruptedError, messageOf } from '../../errors.js';
import { mapOrdered } from '../model/map-ordered.js';
import { isOfThisMedia, type RunControl } from '../model/run-control.js';
import { finalStep, interruptedDetail, recordStatus } from '../model/status-catalog.js';
import type { Candidate, Step } from '../model/steps.js';
import type { Spool } from '../read/spool.js';
import { identify, type Identification } from './identify.js';
import { unsentStep } from './lookup.js';
import type { Progress } from './progress.js';
import type { Summary } from './summary.js';

export interface SpoolOptions {
  readonly spool: Spool;
  readonly identification: Identification;
  /** Media that are fetched at once. */
  readonly width: number;
  readonly control: RunControl;
  readonly progress: Progress;
  readonly summary: Summary;
}

/** Fetches the bytes of what only another service hands out; lets the rest pass. Only what is to be sent comes here. */
export function spoolMedia(steps: AsyncIterable<Step>, options: SpoolOptions): AsyncGenerator<Step> {
  return mapOrdered(steps, options.width, async (step) =>
    step.at === 'candidate' && step.candidate.draft.media.at === 'hosted'
      ? await spoolCandidate(step.candidate, step.candidate.draft.media.url, options)
      : step,
  );
}

/** Removes the file of each source that was sent, or failed; lets all pass. */
export async function* releaseSpooled(steps: AsyncIterable<Step>, spool: Spool): AsyncGenerator<Step> {
  for await (const step of steps) {
    if (step.at === 'accepted') await spool.remove(step.id);
    if (step.at === 'final' && step.record.id !== null) await spool.remove(step.record.id);
    yield step;
  }
}

/** From here on it is a file like any other. */
async function spoolCandidate(candidate: Candidate, url: string, options: SpoolOptions): Promise<Step> {
  const { spool, identification, control, progress, summary } = options;
  const { draft, input } = candidate;
  const { id } = input;
  if (control.isStopped || id === undefined) return unsentStep(candidate);
  try {
    const path = await spool.fetch(id, url);
    const step = await identify({ ...draft, media: { at: 'file', path } }, identification, control.signal);
    if (step.at === 'candidate') progress.totalBytes += step.candidate.sizeBytes;
    else summary.unsendable += 1;
    return step;
  } catch (error) {
    if (control.signal.aborted || error instanceof InterruptedError) return unsentStep(candidate, interruptedDetail);
    if (!isOfThisMedia(error)) {
      control.stop(error);
      return unsentStep(candidate);
    }
    summary.unsendable += 1;
    const reason = `its media cannot be fetched: ${messageOf(error)}`;
    return finalStep({ id, source: candidate.source }, 'failed', recordStatus('UNREADABLE', reason));
  }
}
