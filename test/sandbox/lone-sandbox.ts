/** A sandbox as a process of its own, on the directory that it is given; prints its address, or why it has none. */
import { noFaults, SandboxError, startSandbox } from '../../src/sandbox/server.js';
import { key } from './raw-http.js';

try {
  const sandbox = await startSandbox({
    key,
    dataDir: process.argv[2],
    port: 0,
    indexMs: 1500,
    deleteMs: 300,
    fetchUrls: false,
    deleteAll: true,
    faults: noFaults,
    now: Date.now,
  });
  console.log(sandbox.url);
} catch (thrown) {
  console.log(String(thrown));
  console.log(thrown instanceof SandboxError ? thrown.hint : '');
}
