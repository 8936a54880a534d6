import type { Client } from '../../api/policy/delivery.js';
import type { Clock } from '../../context.js';
import { batches, type Planned } from './batches.js';
import { IdRegistry } from '../ids/id-registry.js';
import type { Step } from '../model/steps.js';
import type { Halt } from '../model/run-control.js';
import type { FailedSources } from './failures-file.js';
import { identified, type Identification } from './identify.js';
import { isRepeatable } from '../ids/id-rules.js';
import { missing } from './lookup.js';
import type { Progress } from './progress.js';
import { noticeEmpty } from './notice-empty.js';
import { RequestLimits, type RequestSize } from './request-limits.js';
import { planner, resolver, type Rules } from './resolve-conflicts.js';
import { SecondTries } from './retry-failed.js';
import { settle, unsettled } from '../wait/settle.js';
import { draftsFrom, type SourceRequest } from '../sources/sources.js';
import { countedAccepted, countedSources, type Summary } from './summary.js';
import { upload, type Upload } from './upload.js';

/** All that an `add` does, settled before it starts. */
export interface Adding {
  readonly sources: SourceRequest;
  readonly identification: Identification;
  /** Of one request at most. */
  readonly maxRequest: RequestSize;
  /** Batches in flight at most. */
  readonly width: number;
  readonly rules: Rules;
  /** A folder or list that holds nothing to add counts as failed. */
  readonly failEmpty: boolean;
  /** How long to wait after the last batch; undefined not to wait at all. */
  readonly waitMs: number | undefined;
}

export type { Planned };

export interface Run {
  /** Where failed sources are written, if they are. */
  readonly failures?: FailedSources | undefined;
  readonly client: Client;
  readonly clock: Clock;
  readonly halt: Halt;
  readonly summary: Summary;
  readonly progress: Progress;
}

/** From sources to final records, each stage pulling from the one before. */
export function addSteps(adding: Adding, run: Run): AsyncGenerator<Step> {
  const { identification, rules } = adding;
  const drafts = draftsFrom(adding.sources, run.halt.signal);
  const claims = new IdRegistry();
  const looking = { claims, signal: run.halt.signal };
  const looked = noticeEmpty(identified(drafts, identification, looking));
  const sound = countedSources(looked, run.summary, run.progress);
  const { failures } = run;
  const remembered = failures?.remembered(sound) ?? sound;
  const fresh = missing(remembered, { ...run, resolve: resolver(rules, run), idFrom: identification.idFrom });
  const changed: Changed = (before, now) => failures?.changed(before, now);
  const rest = { ...run, claims, changed, limits: new RequestLimits(adding.maxRequest) };
  const all = rules.onFailed === 'keep' ? settled(fresh, adding, rest) : settledTwice(fresh, adding, rest);
  return failures?.noted(all) ?? all;
}

type Changed = Upload['changed'];

/** What the stages behind the look-up share. */
interface Rest extends Run {
  readonly claims: IdRegistry;
  readonly changed: Changed;
  readonly limits: RequestLimits;
}

/** Sends what is missing, and waits for it. */
function settled(fresh: AsyncIterable<Step>, adding: Adding, rest: Rest): AsyncGenerator<Step> {
  const { identification, width, rules, waitMs } = adding;
  const options = { ...rest, width, onConflict: rules.onConflict, identification };
  const sent = upload(batches(fresh, rest.limits), options);
  const accepted = countedAccepted(sent, rest.summary);
  return waitMs === undefined
    ? unsettled(accepted)
    : settle(accepted, { ...rest, ids: rest.claims.ids, timeoutMs: waitMs });
}

/** What fails for a reason that may pass is deleted and added once more, after all else. */
async function* settledTwice(fresh: AsyncIterable<Step>, adding: Adding, rest: Rest): AsyncGenerator<Step> {
  const tries = new SecondTries();
  const changed: Changed = (before, now) => {
    rest.changed(before, now);
    tries.changed(before, now);
  };
  yield* tries.withoutHeld(settled(tries.remembered(fresh), adding, { ...rest, changed }));
  const again = tries.freed(resolver({ onConflict: 'replace', onFailed: 'retry' }, rest), rest.halt);
  yield* tries.counted(settled(again, adding, rest));
}

/** What would be sent, without sending it; asks the app for its ids if there is a client. */
export function plannedSteps(
  adding: Adding,
  run: Omit<Run, 'client'> & { readonly client: Client | undefined },
): AsyncGenerator<Planned> {
  const { identification, rules } = adding;
  const drafts = draftsFrom(adding.sources, run.halt.signal);
  const { client, halt } = run;
  const looks = noticeEmpty(identified(drafts, identification, { signal: halt.signal }));
  const sound = countedSources(looks, run.summary, run.progress);
  const fresh =
    client === undefined
      ? sound
      : missing(sound, { client, halt, resolve: planner(rules), idFrom: identification.idFrom });
  return batches(fresh, new RequestLimits(adding.maxRequest));
}

/** True if the same command finds in a second run what it sent in the first. */
export function canResume(adding: Adding): boolean {
  return adding.sources.id !== undefined || isRepeatable(adding.identification.idFrom);
}
