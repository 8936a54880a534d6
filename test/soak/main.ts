import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { SandboxProcess, sandboxKey } from './sandbox-process.js';
import { WatchedCommand, type CommandPlan, type Facts } from './watched-command.js';

// npm run soak [-- --minutes N --seed N]: commands that run for long, against a sandbox that fares badly, round by round.
// Prints what each process holds at the start and at the end, and which inputs were lost or told of twice.

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' } },
});
const endMs = Date.now() + Number(values.minutes) * 60_000;

/** What the sandbox is started with, in an order by chance; each round ends with a kill. */
const troubles: Readonly<Record<string, readonly string[]>> = {
  well: [],
  throttled: ['--throttle', '2'],
  slow: ['--latency', '800'],
  failing: ['--error-rate', '0.5'],
  forgetful: ['--drop-rate', '0.3'],
  torn: ['--truncate-rate', '0.3'],
};

const patience = ['--retries', '20', '-o', 'ndjson', '-q'];

/** Run from the first moment to the last; each tells of every input of the app. */
const followers: readonly CommandPlan[] = [{ name: 'stream --follow', words: ['stream', '--follow', ...patience] }];

/** Run once a round on the inputs added in it; each tells of every one of them. */
const perRound: readonly CommandPlan[] = [
  { name: 'status --wait', words: ['status', '--wait', '-', '--wait-timeout', '120', ...patience] },
];

const inputsPerRound = 50;
const graceMs = 30_000;

const folder = mkdtempSync(join(tmpdir(), 'clarifai-inputs-soak-'));
const env = { PATH: process.env['PATH'], HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
const sandbox = new SandboxProcess(join(folder, 'state'), env);
const random = seededRandom(Number(values.seed));

try {
  await sandbox.start();
  const clientEnv = { ...env, CLARIFAI_API_BASE: sandbox.url, CLARIFAI_PAT: sandboxKey };
  const running = followers.map((plan) => new WatchedCommand(plan, folder, clientEnv));
  const added = new Set<string>();
  await sleep(5000);
  const before = running.map((command) => command.facts());
  const lines: string[] = [];
  for (let round = 0; Date.now() < endMs; round += 1) lines.push(...(await runRound(round, added, clientEnv)));
  await waitUntilToldOf(running, added);
  await sleep(5000);
  for (const [index, command] of running.entries()) {
    lines.push(
      countLine(command, added),
      factsLine('at the start', before[index]),
      factsLine('at the end', command.facts()),
    );
    command.interrupt();
    lines.push(`  exit ${String(await command.ended)} ${command.stderr}`.trimEnd());
  }
  process.stdout.write(`${lines.join('\n')}\n`);
} finally {
  await sandbox.end('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}

/** Adds inputs while the sandbox fares badly, kills it meanwhile, and has the commands of a round tell of them. */
async function runRound(round: number, added: Set<string>, clientEnv: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const names = Object.keys(troubles);
  const name = names[Math.floor(random() * names.length)] ?? 'well';
  process.stderr.write(`round ${round}: ${name}\n`);
  await restart(troubles[name] ?? []);
  const urls = Array.from({ length: inputsPerRound }, (_, index) => `https://soak.example/${round}/${index}.jpg\n`);
  const words = ['add', '-', '--no-wait', ...patience];
  const adding = new WatchedCommand({ name: 'add', words, stdin: urls.join('') }, folder, clientEnv);
  await sleep(500 + random() * 2000);
  await restart(troubles[name] ?? []);
  const code = await adding.ended;
  const ids = [...adding.timesById.keys()];
  for (const id of ids) added.add(id);
  const lines = ids.length === inputsPerRound ? [] : [`round ${round}: add, exit ${String(code)}: ${ids.length} told`];
  for (const plan of perRound) {
    const command = new WatchedCommand({ ...plan, stdin: ids.join('\n') }, folder, clientEnv);
    await sleep(random() * 1000);
    await restart([]);
    const ended = await command.ended;
    const line = countLine(command, new Set(ids));
    if (ended !== 0 || !line.endsWith('0 lost, 0 doubled'))
      lines.push(`round ${round}: exit ${String(ended)}, ${line}`);
  }
  return lines;
}

/** Killed without notice, and away for up to two seconds. */
async function restart(faults: readonly string[]): Promise<void> {
  await sandbox.end('SIGKILL');
  await sleep(random() * 2000);
  await sandbox.start(faults);
}

async function waitUntilToldOf(commands: readonly WatchedCommand[], ids: ReadonlySet<string>): Promise<void> {
  const deadlineMs = Date.now() + graceMs;
  const hasAll = (): boolean => commands.every(({ timesById }) => [...ids].every((id) => timesById.has(id)));
  while (!hasAll() && Date.now() < deadlineMs) await sleep(500);
}

function countLine({ name, timesById }: WatchedCommand, ids: ReadonlySet<string>): string {
  const lost = [...ids].filter((id) => !timesById.has(id)).length;
  const doubled = [...timesById.values()].filter((times) => times > 1).length;
  return `${name}: ${ids.size} inputs, ${lost} lost, ${doubled} doubled`;
}

function factsLine(when: string, facts: Facts | undefined): string {
  if (facts === undefined) return `  ${when}: unknown`;
  const { rssMiB, heapMiB, listeners, handles } = facts;
  const kinds = Object.entries(handles).map(([kind, count]) => `${count} ${kind}`);
  return `  ${when}: ${rssMiB.toFixed(0)} MiB, heap ${heapMiB.toFixed(0)} MiB, ${listeners} listeners, ${kinds.join(', ')}`;
}

/** Numbers from 0 to 1, the same for the same seed. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
