import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:http2';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { Figure } from './figures.js';
import { makeFiles, totalBytes, type FileSet } from './files.js';
import { installPeers } from './peers.js';
import { bin, median, runNode, scratch, Sink, type Usage } from './processes.js';
import { makeLoad, rate, script, vendorGrpc, type Load } from './uploads.js';

const uploadRounds = 3;
const startRounds = 15;

interface Places {
  readonly rest: Sink;
  readonly grpc: Sink;
  /** The vendor's own kind of server, for the vendor's clients. */
  readonly vendor: Sink;
  /** The folder that the vendor's packages are in. */
  readonly peers: string;
}

/** Uploads and starts over gRPC, beside the same over REST and the vendor's gRPC client. */
export async function overGrpc(rest: Sink, quick: boolean): Promise<readonly Figure[]> {
  const loads = (['100 KB', '2 MB', '15 MB'] as const).map((name) => makeLoad(name, quick));
  const peers = await installPeers();
  const [grpc, vendor] = [await Sink.start('grpc-sink.mjs'), await Sink.start('peers/grpc-sink.cjs')];
  const places: Places = { rest, grpc, vendor, peers };
  try {
    const figures: Figure[] = [];
    for (const one of loads) figures.push(...(await compareUploads(one, places)));
    return [...figures, ...(await startUps(places)), await sandboxPeak(peers)];
  } finally {
    grpc.stop();
    vendor.stop();
  }
}

async function compareUploads(one: Load, places: Places): Promise<readonly Figure[]> {
  const { set, few, perBatch } = one;
  const rest: Usage[] = [];
  const grpc: Usage[] = [];
  let wireBytes = 0;
  // in turn, so that a busy moment hits both alike
  for (let round = 0; round < uploadRounds; round += 1) {
    rest.push(await upload(set, places.rest.env));
    await places.rest.seen();
    grpc.push(await upload(set, grpcEnv(places)));
    wireBytes = await bodyBytesOf(places.grpc);
  }
  const floor = await floorRatio(set, places);
  const best = await vendorGrpc(few, { perBatch, sink: places.vendor, peers: places.peers });
  const [ours, overRest] = [middle(set, grpc), middle(set, rest)];
  const figure = (name: string, value: number, unit = ''): Figure => ({ name: `${set.name}: ${name}`, value, unit });
  return [
    figure('upload over gRPC', ours.rate, ' MB/s'),
    figure('upload over gRPC / over REST', ours.rate / overRest.rate),
    figure("the floor's upload over gRPC / over REST", floor),
    figure("upload over gRPC / the vendor's gRPC client, the better way", ours.rate / rate(few, best)),
    figure('CPU seconds over gRPC / over REST', ours.cpuSeconds / overRest.cpuSeconds),
    figure('CPU seconds over gRPC / GB', ours.cpuSeconds / (totalBytes(set) / 1e9)),
    figure('peak memory over gRPC', Math.max(...grpc.map(({ peakMiB }) => peakMiB)), ' MiB'),
    figure('peak memory over REST', Math.max(...rest.map(({ peakMiB }) => peakMiB)), ' MiB'),
    figure("peak memory of the vendor's gRPC client", best.peakMiB, ' MiB'),
    figure('wire bytes / raw bytes over gRPC', wireBytes / totalBytes(set)),
  ];
}

/** What the sinks and Node's HTTP/2 leave a client to win: the floors do nothing but read, hash and send. */
async function floorRatio(set: FileSet, { rest, grpc }: Places): Promise<number> {
  const [overRest, overGrpc]: [number[], number[]] = [[], []];
  for (let round = 0; round < uploadRounds; round += 1) {
    overRest.push(rate(set, await runNode([script('floor/rest.mjs'), rest.url, set.folder])));
    overGrpc.push(rate(set, await runNode([script('floor/grpc.mjs'), grpc.url, set.folder])));
  }
  return median(overGrpc) / median(overRest);
}

function grpcEnv({ grpc }: Pick<Places, 'grpc'>): NodeJS.ProcessEnv {
  return { ...grpc.env, CLARIFAI_INPUTS_TRANSPORT: 'grpc' };
}

function upload(set: FileSet, env: NodeJS.ProcessEnv): Promise<Usage> {
  return runNode([bin, 'add', set.folder, '--no-wait', '--rps', '0', '-q'], { env });
}

function middle(set: FileSet, usages: readonly Usage[]): { readonly rate: number; readonly cpuSeconds: number } {
  return {
    rate: median(usages.map((usage) => rate(set, usage))),
    cpuSeconds: median(usages.map(({ cpuSeconds }) => cpuSeconds)),
  };
}

/** Of all calls since it was last asked; the sink forgets its inputs, so that they can be sent again. */
async function bodyBytesOf(sink: Sink): Promise<number> {
  const session = connect(sink.url);
  try {
    return Number(await text(session.request({ ':path': '/sink' })));
  } finally {
    session.close();
  }
}

async function startUps(places: Places): Promise<readonly Figure[]> {
  const list = [bin, 'list', '--per-page', '128', '-o', 'ndjson'];
  const seconds = { nothing: [] as number[], rest: [] as number[], grpc: [] as number[] };
  for (let round = 0; round < startRounds; round += 1) {
    seconds.nothing.push((await runNode(['-e', '0'])).seconds);
    seconds.rest.push((await runNode(list, { env: places.rest.env })).seconds);
    seconds.grpc.push((await runNode(list, { env: grpcEnv(places) })).seconds);
  }
  const [nothing, rest, grpc] = [median(seconds.nothing), median(seconds.rest), median(seconds.grpc)];
  return [
    { name: '`list` over gRPC / over REST', value: grpc / rest, unit: '' },
    { name: '`list` over gRPC / `node -e 0`', value: grpc / nothing, unit: '' },
  ];
}

/** What the sandbox needs above idle for 100 MB in one message of the vendor's client. */
async function sandboxPeak(peers: string): Promise<Figure> {
  const name = "sandbox, 100 MB in one message of the vendor's client: peak memory above idle";
  const files = makeFiles('one message', 2_000_000, 50);
  const env = { ...process.env, XDG_CONFIG_HOME: scratch, XDG_DATA_HOME: scratch };
  const words = [bin, 'sandbox', '--memory', '--key', 'bench', '--port', '0'];
  const child = spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const port = await portOf(createInterface(child.stdout));
    const idle = resetPeakMiB(Number(child.pid));
    const { code } = await runNode([`${peers}/grpc-stub.cjs`, String(port), files.folder, '50']);
    const peak = memoryMiB(Number(child.pid), 'VmHWM') - idle;
    return { name, value: code === 0 ? peak : Number.NaN, unit: ' MiB' };
  } finally {
    child.kill();
    await once(child, 'close');
  }
}

async function portOf(lines: AsyncIterable<string>): Promise<number> {
  for await (const line of lines) {
    const port = /CLARIFAI_API_BASE=http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error('the sandbox did not start');
}

/** @returns what the process has now, from which its peak is counted again */
function resetPeakMiB(pid: number): number {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  return memoryMiB(pid, 'VmRSS');
}

function memoryMiB(pid: number, field: 'VmHWM' | 'VmRSS'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024;
}
