import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { inspectFile, type Inspection, type InspectedFile } from './inspect-file.js';

/** A question to the thread that looks at files. */
export interface InspectionRequest {
  readonly number: number;
  readonly path: string;
  readonly inspection: Inspection;
}

/** Its answer. */
export interface InspectionResult {
  readonly number: number;
  readonly file: InspectedFile;
}

interface PendingInspection {
  readonly path: string;
  readonly inspection: Inspection;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (file: InspectedFile) => void;
  readonly reject: (error: unknown) => void;
}

/** True once the run stopped that asked; it is told so. */
function rejectIfAborted({ signal, reject }: PendingInspection): boolean {
  if (signal?.aborted !== true) return false;
  reject(new Error('the run stopped', { cause: signal.reason }));
  return true;
}

/** Fewer files are looked at before a thread would have started. */
const workerThresholdFiles = 16;
const workerThresholdBytes = 16_000_000;

/**
 * Looks at files: a few here, many in a thread, while this one encodes and sends those before them. Hashing alone takes
 * as long as all the rest of an upload. Where no thread can be had, all are looked at here.
 */
class Inspector {
  #queue: PendingInspection[] = [];
  #looking = false;
  #bytes = 0;
  #thread: InspectionThread | undefined;
  #tried = false;

  inspect(path: string, inspection: Inspection, signal?: AbortSignal): Promise<InspectedFile> {
    return new Promise((resolve, reject) => {
      const question = { path, inspection, signal, resolve, reject };
      if (!rejectIfAborted(question)) this.#take([question]);
    });
  }

  /** Lets go of what nobody waits for any more. */
  cancel(): void {
    this.#queue = this.#queue.filter((question) => !rejectIfAborted(question));
    this.#thread?.cancel();
  }

  #take(questions: readonly PendingInspection[]): void {
    this.#queue.push(...questions);
    if (!this.#looking) void this.#look();
  }

  /** One after the other, until there is a thread that runs. */
  async #look(): Promise<void> {
    this.#looking = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      if (this.#thread?.runs === true) this.#thread.ask(next);
      else await this.#lookAt(next);
    }
    this.#looking = false;
  }

  async #lookAt({ path, inspection, resolve, reject }: PendingInspection): Promise<void> {
    try {
      const file = await inspectFile(path, inspection);
      this.#bytes += file.verdict === 'accepted' ? file.content.sizeBytes : 0;
      resolve(file);
    } catch (error) {
      reject(error);
    }
    if (this.#queue.length >= workerThresholdFiles || this.#bytes >= workerThresholdBytes) this.#startThread();
    // what the thread tells is heard between two files
    if (this.#thread !== undefined) await nextTurn();
  }

  /** Once: where a thread can't be had, the next try would come to the same. */
  #startThread(): void {
    if (this.#tried) return;
    this.#tried = true;
    try {
      this.#thread = new InspectionThread((left) => {
        this.#take(left);
      });
    } catch {
      // as many threads run as may: this one goes on with all
    }
  }
}

/** The other end of `inspection-thread.ts`. */
class InspectionThread {
  readonly #worker = new Worker(new URL('inspector-thread.js', import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb: 4 },
  });
  readonly #waiting = new Map<number, PendingInspection>();
  #asked: InspectionRequest[] = [];
  #next = 0;
  /** From when it tells so, until it fails. */
  runs = false;

  /** @param failed - told what it did not answer, if it fails */
  constructor(failed: (left: readonly PendingInspection[]) => void) {
    // it keeps the process only while there is something to answer
    this.#worker.unref();
    this.#worker.on('message', (told: readonly InspectionResult[]) => {
      this.runs = true;
      for (const { number, file } of told) this.#waiting.get(number)?.resolve(file);
      for (const { number } of told) this.#waiting.delete(number);
      if (this.#waiting.size === 0) this.#worker.unref();
    });
    // whatever it was, it ends the thread
    this.#worker.on('error', () => undefined);
    this.#worker.on('exit', () => {
      this.runs = false;
      failed([...this.#waiting.values()]);
    });
  }

  /** Questions that nobody waits for any more do not keep the process alive. */
  cancel(): void {
    for (const [number, question] of this.#waiting) if (rejectIfAborted(question)) this.#waiting.delete(number);
    if (this.#waiting.size === 0) this.#worker.unref();
  }

  ask(question: PendingInspection): void {
    const number = this.#next;
    this.#next += 1;
    if (this.#waiting.size === 0) this.#worker.ref();
    this.#waiting.set(number, question);
    // a message costs more than a small file: what is asked in one turn goes in one
    if (this.#asked.length === 0)
      setImmediate(() => {
        this.#send();
      });
    this.#asked.push({ number, path: question.path, inspection: question.inspection });
  }

  #send(): void {
    this.#worker.postMessage(this.#asked);
    this.#asked = [];
  }
}

const inspector = new Inspector();

/**
 * Looks at a file as `inspectFile` does; many of them in a thread that all share.
 *
 * @param signal - once it is aborted, `cancelAborted` rejects even while the file is being looked at
 */
export function inspectInThread(path: string, inspection: Inspection, signal?: AbortSignal): Promise<InspectedFile> {
  return inspector.inspect(path, inspection, signal);
}

/** Answers those whose signal is aborted; one call for all of them, where a signal takes but a few listeners. */
export function cancelAborted(): void {
  inspector.cancel();
}
