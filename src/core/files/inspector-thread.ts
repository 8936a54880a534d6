import { parentPort } from 'node:worker_threads';
import type { InspectionRequest, InspectionResult } from './inspector.js';
import { inspectFile } from './inspect-file.js';
import { pinYoungGeneration } from './heap.js';

/** Answers go out when so many bytes were read for them, so that nobody waits for a hundred large files at once. */
const answerBytes = 1024 * 1024;

/** One after the other: they share a buffer, and the disk. */
let last = Promise.resolve();

parentPort?.on('message', (asked: readonly InspectionRequest[]) => {
  last = last.then(() => answer(asked));
});

async function answer(asked: readonly InspectionRequest[]): Promise<void> {
  let told: InspectionResult[] = [];
  let bytes = 0;
  for (const { number, path, inspection } of asked) {
    const file = await inspectFile(path, inspection);
    told.push({ number, file });
    bytes += file.verdict === 'accepted' ? file.content.sizeBytes : 0;
    if (bytes < answerBytes) continue;
    parentPort?.postMessage(told);
    told = [];
    bytes = 0;
  }
  if (told.length > 0) parentPort?.postMessage(told);
}

pinYoungGeneration();
// nothing yet, but from here on it answers
parentPort?.postMessage([]);
