import { runLive } from './run.js';
import { livePace } from './pace.js';

// npm run live -- --app APP_ID: asks the live service whether it does what the contract assumes. See options.ts.

const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    if (stopping.signal.aborted) process.exit(130);
    process.stderr.write('Interrupted. Deleting what was added; once more to leave it.\n');
    stopping.abort(new Error('interrupted'));
  });
}

process.exitCode = await runLive(process.argv.slice(2), {
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: stopping.signal,
  pace: livePace,
});
