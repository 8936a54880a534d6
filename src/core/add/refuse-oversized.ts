import type { RequestSizes } from '../../api/service.js';
import { statusCodes } from '../../wire/status.js';
import { finalStep, recordStatus } from '../model/status-catalog.js';
import type { Candidate, Step } from '../model/steps.js';
import { withLocation } from '../sources/draft-steps.js';
import type { Summary } from './summary.js';

/** Raw bytes below which an input fits into a request, however it is encoded: JSON makes text six times as long at most. */
const surelyFitsBytes = 16_000_000;
/** Base64 makes four bytes of three; what stands around the bytes of a file is little. */
const minBase64Growth = 1.2;

export interface RefuseOptions {
  readonly sizes: RequestSizes;
  readonly summary: Summary;
  /** Of what was found in a folder, pass over what can't be added. */
  readonly skipUnsupported: boolean;
}

/** Ends what can't pass as a request by itself: the service would refuse it after all of it was sent. */
export async function* refuseOversized(steps: AsyncIterable<Step>, options: RefuseOptions): AsyncGenerator<Step> {
  for await (const step of steps) {
    const problem = step.at === 'candidate' ? oversizeOf(step.candidate, options.sizes) : undefined;
    if (step.at !== 'candidate' || problem === undefined) yield step;
    else yield refusedStep(step.candidate, problem, options);
  }
}

function oversizeOf({ input, sizeBytes }: Candidate, sizes: RequestSizes): string | undefined {
  if (sizeBytes < surelyFitsBytes) return undefined;
  const { maxRequestBytes, emptyRequestBytes } = sizes;
  const requestBytes = emptyRequestBytes + sizes.sizeOf(input);
  if (requestBytes <= maxRequestBytes) return undefined;
  const fitsAsBytes = requestBytes > sizeBytes * minBase64Growth && sizeBytes + requestBytes / 100 < maxRequestBytes;
  const remedy = fitsAsBytes ? 'it would fit over gRPC' : 'add it by its URL';
  return `${requestBytes} bytes once encoded, where a request may have ${maxRequestBytes}; ${remedy}`;
}

function refusedStep({ draft, source, input }: Candidate, problem: string, options: RefuseOptions): Step {
  const { summary, skipUnsupported } = options;
  if (draft.found && skipUnsupported) {
    summary.moveToSkipped('unsupported');
    return { at: 'skipped', source, reason: 'unsupported', detail: problem };
  }
  summary.unsendable += 1;
  const status = recordStatus(statusCodes.inputOverLimit, withLocation(problem, draft.location));
  return { ...finalStep({ id: input.id ?? null, source }, 'failed', status), tries: 0 };
}
