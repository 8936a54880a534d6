import type { MediaKind } from '../../wire/messages.js';
import type { RunControl } from '../model/run-control.js';
import { inspectFiles } from './identify.js';
import type { AddJob } from './pipeline.js';

/** What sources come to, as far as their names and first bytes tell. */
export interface Survey {
  /** Inputs to send by kind; those that the app has already are among them. */
  readonly kinds: ReadonlyMap<MediaKind, number>;
  /** Of files; what is behind a URL is not known. */
  readonly bytes: number;
  /** Sources that cannot be sent. */
  readonly failed: number;
}

/**
 * Looks at each source without reading a file whole, and without asking the app.
 *
 * @throws the reason for which the run stops meanwhile
 */
export async function surveySources(job: AddJob, control: RunControl): Promise<Survey> {
  const kinds = new Map<MediaKind, number>();
  let bytes = 0;
  let failed = 0;
  // ids made by the service spare the hashes
  const identification = { ...job.identification, idFrom: 'server', onInexactNumbers: () => undefined } as const;
  for await (const step of inspectFiles(job.drafts(control), identification, { signal: control.signal })) {
    if (step.at === 'final') failed += 1;
    if (step.at !== 'candidate') continue;
    const { kind } = step.candidate.input;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    bytes += step.candidate.sizeBytes;
  }
  if (control.reason !== undefined) throw control.reason;
  return { kinds, bytes, failed };
}
