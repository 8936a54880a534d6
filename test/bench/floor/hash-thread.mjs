// The worker thread of a floor: reads and hashes every file, and tells the ids a batch at a time.
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { readPieces } from './batches.mjs';

const buffer = Buffer.allocUnsafeSlow(512 * 1024);
for (const [index, paths] of workerData.entries()) {
  const ids = paths.map((path) => {
    const hash = createHash('sha256');
    for (const length of readPieces(path, buffer)) hash.update(buffer.subarray(0, length));
    return hash.digest('hex').slice(0, 32);
  });
  parentPort.postMessage({ index, ids });
}
