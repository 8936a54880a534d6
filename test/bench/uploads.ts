import { fileURLToPath } from 'node:url';
import type { Figure } from './figures.js';
import { makeFiles, totalBytes, type FileSet } from './files.js';
import { installPeers } from './peers.js';
import { bin, run, runNode, Sink, type Usage } from './processes.js';

export interface Load {
  readonly set: FileSet;
  /** Inputs a request of the vendor's clients. */
  readonly perBatch: number;
  /** Its own folder with fewer files, for what is slow. */
  readonly few: FileSet;
}

interface Places {
  readonly sink: Sink;
  /** Takes any gRPC call as fast as it can, for the floor. */
  readonly bareGrpcSink: Sink;
  /** The vendor's own kind of server, for the vendor's clients. */
  readonly grpcSink: Sink;
  /** The folder that the vendor's packages are in. */
  readonly peers: string;
}

interface LoadSize {
  readonly sizeBytes: number;
  readonly count: number;
  /** For what is slow. */
  readonly fewer: number;
  readonly perBatch: number;
}

const sizes = {
  '20 KB': { sizeBytes: 20_000, count: 40_000, fewer: 1280, perBatch: 128 },
  '100 KB': { sizeBytes: 100_000, count: 20_000, fewer: 1280, perBatch: 128 },
  '2 MB': { sizeBytes: 2_000_000, count: 1000, fewer: 128, perBatch: 64 },
  '15 MB': { sizeBytes: 15_000_000, count: 128, fewer: 32, perBatch: 32 },
} as const satisfies Readonly<Record<string, LoadSize>>;

/** Writes the files of a load; of a quick run a fifth of them. */
export function makeLoad(name: keyof typeof sizes, quick: boolean): Load {
  const { sizeBytes, count, fewer, perBatch } = sizes[name];
  const share = quick ? 5 : 1;
  return {
    set: makeFiles(name, sizeBytes, Math.ceil(count / share)),
    few: makeFiles(`${name} few`, sizeBytes, Math.ceil(fewer / share)),
    perBatch,
  };
}

/** MB/s of raw file bytes, each way of sending beside the others. */
export async function uploads(sink: Sink, quick: boolean): Promise<readonly Figure[]> {
  const loads = (['20 KB', '100 KB', '2 MB', '15 MB'] as const).map((name) => makeLoad(name, quick));
  const peers = await installPeers();
  const [grpcSink, bareGrpcSink] = [await Sink.start('peers/grpc-sink.cjs'), await Sink.start('grpc-sink.mjs')];
  const places: Places = { sink, grpcSink, bareGrpcSink, peers };
  try {
    const figures: Figure[] = [];
    for (const one of loads) figures.push(...(await measureLoad(one, places)));
    return figures;
  } finally {
    grpcSink.stop();
    bareGrpcSink.stop();
  }
}

async function measureLoad(load: Load, places: Places): Promise<readonly Figure[]> {
  const { set } = load;
  const { sink } = places;
  await sink.seen();
  const ours = await runNode([bin, 'add', set.folder, '--no-wait', '--rps', '0', '-q'], { env: sink.env });
  const wire = (await sink.seen()).bodyBytes;
  return [
    ...usageFigures(`${set.name}: `, ours, set),
    { name: `${set.name}: wire bytes / raw bytes`, value: wire / totalBytes(set), unit: '' },
    ...(await besideFloor(set, ours, places)),
    ...(await besideWire(set, ours, wire, sink)),
    ...(await besideVendor(load, ours, places)),
    ...(await besideCurl(load, ours, sink)),
  ];
}

function usageFigures(what: string, usage: Usage, set: FileSet): readonly Figure[] {
  return [
    { name: `${what}upload`, value: rate(set, usage), unit: ' MB/s' },
    { name: `${what}CPU seconds / GB`, value: usage.cpuSeconds / (totalBytes(set) / 1e9), unit: '' },
    { name: `${what}peak memory`, value: usage.peakMiB, unit: ' MiB' },
  ];
}

/** The floor does the same work without the care: see floor/batches.mjs. */
async function besideFloor(set: FileSet, ours: Usage, { sink, bareGrpcSink }: Places): Promise<readonly Figure[]> {
  const floor = await runNode([script('floor/rest.mjs'), sink.url, set.folder]);
  const grpcFloor = await runNode([script('floor/grpc.mjs'), bareGrpcSink.url, set.folder]);
  return [
    { name: `${set.name}: upload / the floor's`, value: rate(set, ours) / rate(set, floor), unit: '' },
    { name: `${set.name}: CPU seconds / the floor's`, value: ours.cpuSeconds / floor.cpuSeconds, unit: '' },
    ...usageFigures(`${set.name}: the floor's `, floor, set),
    ...usageFigures(`${set.name}: the floor's over gRPC: `, grpcFloor, set),
  ];
}

/** As many bytes as the upload sent, ready-made. */
async function besideWire(set: FileSet, ours: Usage, wire: number, sink: Sink): Promise<readonly Figure[]> {
  const ready = await runNode([script('ready-buffer.mjs'), sink.url, String(wire)]);
  const value = rate(set, ours) / rate(set, ready);
  return [{ name: `${set.name}: upload / ready buffer, same sink`, value, unit: '' }];
}

async function besideVendor({ set, few, perBatch }: Load, ours: Usage, places: Places): Promise<readonly Figure[]> {
  const { sink, grpcSink, peers } = places;
  const batch = String(perBatch);
  const rest = await runNode([`${peers}/rest.cjs`, sink.url, few.folder, batch]);
  const best = await vendorGrpc(few, { perBatch, sink: grpcSink, peers });
  const times = (other: Usage): number => rate(set, ours) / rate(few, other);
  return [
    { name: `${set.name}: upload / the vendor's REST client`, value: times(rest), unit: '' },
    { name: `${set.name}: upload / the vendor's gRPC client, the better way`, value: times(best), unit: '' },
    { name: `${set.name}: peak memory of the REST client`, value: rest.peakMiB, unit: ' MiB' },
    { name: `${set.name}: peak memory of the gRPC client`, value: best.peakMiB, unit: ' MiB' },
  ];
}

/** The vendor's gRPC client, by its stub or by its generated classes: the faster of both. */
export async function vendorGrpc(
  few: FileSet,
  { perBatch, sink, peers }: { readonly perBatch: number; readonly sink: Sink; readonly peers: string },
): Promise<Usage> {
  const args = [String(sink.port), few.folder, String(perBatch)];
  const stub = await runNode([`${peers}/grpc-stub.cjs`, ...args]);
  const classes = await runNode([`${peers}/grpc-classes.cjs`, ...args]);
  return rate(few, stub) > rate(few, classes) ? stub : classes;
}

async function besideCurl({ set, few, perBatch }: Load, ours: Usage, sink: Sink): Promise<readonly Figure[]> {
  const each = await run('sh', ['-c', curlEach, few.folder, sink.url], {});
  const batches = await run('sh', ['-c', curlBatches, few.folder, sink.url, String(perBatch)], {});
  return [
    {
      name: `${set.name}: upload / curl, a file a request, 8 at once`,
      value: rate(set, ours) / rate(few, each),
      unit: '',
    },
    {
      name: `${set.name}: upload / curl, a batch a request, 2 at once`,
      value: rate(set, ours) / rate(few, batches),
      unit: '',
    },
  ];
}

/** The path of a program beside this one. */
export function script(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** MB/s; 0 for what failed. */
export function rate(set: FileSet, usage: Pick<Usage, 'seconds' | 'code'>): number {
  return usage.code === 0 ? totalBytes(set) / 1e6 / usage.seconds : 0;
}

/** As the vendor's page shows it, with the body from a pipe: an argument holds 128 KiB. */
const curlEach = `find "$0" -name '*.jpg' -print0 | URL="$1" xargs -0 -P 8 -n 1 sh -c '
  { printf "%s" "{\\"inputs\\":[{\\"data\\":{\\"image\\":{\\"base64\\":\\""; base64 -w0 "$0"; printf "%s" "\\"}}}]}"; } |
  curl -s -o /dev/null -X POST -H "Authorization: Key bench" -H "Content-Type: application/json" --data-binary @- "$URL/v2/inputs"'`;

const curlBatches = `find "$0" -name '*.jpg' -print0 | URL="$1" xargs -0 -P 2 -n "$2" sh -c '
  { printf "%s" "{\\"inputs\\":["
    for file; do printf "%s" "$comma{\\"data\\":{\\"image\\":{\\"base64\\":\\""; base64 -w0 "$file"; printf "%s" "\\"}}}"; comma=,; done
    printf "%s" "]}"; } |
  curl -s -o /dev/null -X POST -H "Authorization: Key bench" -H "Content-Type: application/json" --data-binary @- "$URL/v2/inputs"' sh`;
