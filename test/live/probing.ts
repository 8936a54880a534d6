import { randomBytes } from 'node:crypto';
import { isLoopback } from '../../src/api/network/base-url.js';
import { messageOf } from '../../src/errors.js';
import { assumptions } from './assumptions/all.js';
import {
  isAsAssumed,
  NotTriedError,
  transportNames,
  UntoldError,
  type Assumption,
  type Finding,
  type Transport,
} from './assumption.js';
import { deleteInputs } from './clean-up.js';
import { GrpcCaller } from './grpc-caller.js';
import type { Caller, Target } from './operations.js';
import { PacedGate, type Pace } from './pace.js';
import { RestCaller } from './rest-caller.js';
import { Scene } from './scene.js';
import { familyPrefix, statusText } from './wording.js';

/** What probing has of its run. */
export interface Probing {
  readonly target: Target;
  readonly pace: Pace;
  /** Aborted when the user or the time wants it to end. */
  readonly signal: AbortSignal;
  /** The app has inputs that this command did not make. */
  readonly isShared: boolean;
  /** Inputs of earlier runs, to be deleted too. */
  readonly leftIds: readonly string[];
  /** Told of each finding, and of what could not be deleted. */
  readonly note: (text: string) => void;
}

/** What a transport's own connection is. */
interface Callers {
  readonly rest: RestCaller;
  readonly grpc: GrpcCaller;
}

/** Requests for deleting and for waiting until all is gone, beside those of the probes. */
const cleaningRequests = 100;

/** The service by both transports, with so many requests for the two of them. */
export function openCallers(
  { target, pace }: Pick<Probing, 'target' | 'pace'>,
  requests: number,
  signal: AbortSignal,
): Callers {
  const gate = new PacedGate(pace, requests, signal);
  return { rest: new RestCaller(target, gate), grpc: new GrpcCaller(target, gate) };
}

export function closeCallers({ rest, grpc }: Callers): void {
  rest.close();
  grpc.close();
}

/** Tries all assumptions over one transport, and deletes what that has added, whatever happens. */
export async function tryAll(transport: Transport, probing: Probing): Promise<ReadonlyMap<string, Finding>> {
  const { pace, signal, isShared, target } = probing;
  const callers = openCallers(probing, pace.requestsPerTransport, signal);
  const isLocal = isLoopback(new URL(target.apiBase).hostname);
  const token = randomBytes(4).readUInt32BE().toString(36).padStart(7, '0');
  const scene = new Scene({ transport, token, ...callers, pace, signal, isShared, isLoopback: isLocal });
  const tried = assumptions.filter(({ over = transport }) => over === transport);
  const findings = new Map<string, Finding>();
  try {
    for (const assumption of tried) {
      const wasEnded = signal.aborted;
      const finding = wasEnded ? endedBefore : await tryOne(assumption, scene);
      findings.set(assumption.name, finding);
      if (!wasEnded)
        probing.note(
          `${transportNames[transport]} ${findings.size}/${tried.length} ${assumption.name}: ${finding.result}`,
        );
    }
  } finally {
    closeCallers(callers);
    await cleanUp(scene, probing);
  }
  return findings;
}

const endedBefore: Finding = { result: 'could not be told', reason: 'the run was ended before it' };

async function tryOne({ assumed, probe }: Assumption, scene: Scene): Promise<Finding> {
  try {
    const observed = await probe(scene);
    return { result: isAsAssumed(assumed, observed, scene.transport) ? 'same' : 'differs', observed };
  } catch (error) {
    if (error instanceof NotTriedError) return { result: 'not tried', reason: error.message };
    return { result: 'could not be told', reason: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof UntoldError || !(error instanceof Error)) return messageOf(error);
  const cause = error.cause === undefined ? '' : ` (${messageOf(error.cause)})`;
  return `${error.name}: ${messageOf(error)}${cause}`;
}

/** Not ended by the signal: the second Ctrl-C leaves the process itself. */
async function cleanUp(scene: Scene, probing: Probing): Promise<void> {
  const { pace, leftIds, note } = probing;
  const callers = openCallers(probing, cleaningRequests, new AbortController().signal);
  const caller: Caller = scene.transport === 'rest' ? callers.rest : callers.grpc;
  try {
    note(`${transportNames[scene.transport]}: deleting what was added`);
    const left = await deleteInputs(caller, [...scene.ids, ...leftIds], pace);
    if (left.length > 0) note(`${left.length} inputs are still there, such as ${left[0] ?? ''}`);
    for (const id of scene.datasetIds) await deleteDataset(callers.rest, id, note);
  } catch (error) {
    note(`inputs whose ids begin with ${familyPrefix} may be left, to be deleted by the next run: ${reasonOf(error)}`);
  } finally {
    closeCallers(callers);
  }
}

async function deleteDataset(rest: RestCaller, id: string, note: (text: string) => void): Promise<void> {
  const answer = await rest.send({ verb: 'DELETE', path: '/datasets', body: JSON.stringify({ dataset_ids: [id] }) });
  if (answer.http !== 200) note(`the dataset ${id} stays, since the service does not delete it: ${statusText(answer)}`);
}
