// Loaded into a command that runs for long: keeps a file with what the process holds, for the soak to read.
import { renameSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { setInterval } from 'node:timers';
import { isMainThread } from 'node:worker_threads';

const everyMs = 1000;
const file = process.env.SOAK_FACTS;

function countByName(names) {
  const counts = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function writeFacts() {
  const { rss, heapUsed } = process.memoryUsage();
  const listeners = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
  const handles = countByName(process.getActiveResourcesInfo());
  const facts = { rssMiB: rss / 2 ** 20, heapMiB: heapUsed / 2 ** 20, listeners, handles };
  // renamed into place, so that its reader never sees half of it
  writeFileSync(`${file}.new`, JSON.stringify(facts));
  renameSync(`${file}.new`, file);
}

if (isMainThread && file !== undefined) setInterval(writeFacts, everyMs).unref();
