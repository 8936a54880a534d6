import { fileURLToPath } from 'node:url';
import type { Figure } from './figures.js';
import { makeFiles, totalBytes, type FileSet } from './files.js';
import { installPeers } from './peers.js';
import { bin, run, runNode, Sink, type Usage } from './processes.js';

interface Goals {
  readonly encode?: readonly [number, number];
  readonly rest?: readonly [number, number];
  readonly grpc?: readonly [number, number];
  readonly curl?: readonly [number, number];
  readonly cpu?: readonly [number, number];
}

interface Load {
  readonly set: FileSet;
  /** Inputs a request of the vendor's clients. */
  readonly perBatch: number;
  /** Its own folder with fewer files, for what is slow. */
  readonly few: FileSet;
  readonly goals: Goals;
}

/** MB/s of raw file bytes, each way of sending beside the others. */
export async function uploads(sink: Sink, quick: boolean): Promise<readonly Figure[]> {
  const share = quick ? 5 : 1;
  const files = (name: string, size: number, count: number): FileSet => makeFiles(name, size, Math.ceil(count / share));
  const load = (
    name: string,
    size: number,
    counts: readonly [number, number],
    rest: Omit<Load, 'set' | 'few'>,
  ): Load => ({
    set: files(name, size, counts[0]),
    few: files(`${name} few`, size, counts[1]),
    ...rest,
  });
  const loads: readonly Load[] = [
    load('20 KB', 20_000, [40_000, 1280], { perBatch: 128, goals: {} }),
    load('100 KB', 100_000, [20_000, 1280], {
      perBatch: 128,
      goals: { encode: [0.3, 0.42], rest: [4, 6], grpc: [2.5, 4], curl: [30, 50], cpu: [2.4, 1.6] },
    }),
    load('2 MB', 2_000_000, [1000, 128], {
      perBatch: 64,
      goals: { encode: [0.35, 0.42], rest: [5, 8], grpc: [4, 6], curl: [5, 8], cpu: [1.8, 1.3] },
    }),
    load('15 MB', 15_000_000, [128, 32], {
      perBatch: 32,
      goals: { encode: [0.35, 0.42], grpc: [6, 10], curl: [2, 3], cpu: [1.8, 1.3] },
    }),
  ];
  const peers = await installPeers();
  const grpcSink = await Sink.start('peers/grpc-sink.cjs');
  try {
    const figures: Figure[] = [];
    for (const one of loads) figures.push(...(await compared(one, { sink, grpcSink, peers })));
    return figures;
  } finally {
    grpcSink.stop();
  }
}

interface Places {
  readonly sink: Sink;
  readonly grpcSink: Sink;
  /** The folder that the vendor's packages are in. */
  readonly peers: string;
}

async function compared(load: Load, places: Places): Promise<readonly Figure[]> {
  const { sink, peers, grpcSink } = places;
  const { set, few, perBatch, goals } = load;
  const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  const batch = String(perBatch);
  await sink.seen();
  const ours = await runNode([bin, 'add', set.folder, '--no-wait', '--rps', '0', '-q'], { env: sink.env });
  const wire = (await sink.seen()).bodyBytes;
  const encode = await runNode([script('encode-only.mjs'), set.folder]);
  const ready = await runNode([script('ready-buffer.mjs'), sink.url, String(wire)]);
  const rest = await runNode([`${peers}/rest.cjs`, sink.url, few.folder, batch]);
  const stub = await runNode([`${peers}/grpc-stub.cjs`, String(grpcSink.port), few.folder, batch]);
  const classes = await runNode([`${peers}/grpc-classes.cjs`, String(grpcSink.port), few.folder, batch]);
  const one = await run('sh', ['-c', curlEach, few.folder, sink.url], {});
  const batches = await run('sh', ['-c', curlBatches, few.folder, sink.url, batch], {});

  const ourRate = rate(set, ours);
  const beside = (
    name: string,
    other: Pick<Usage, 'seconds' | 'code'>,
    of: FileSet,
    goal?: readonly [number, number],
  ): Figure => ({
    name: `${set.name}: upload / ${name}`,
    value: ourRate / rate(of, other),
    unit: '',
    want: 'more',
    ...(goal && { goal: goal[0], beyond: goal[1] }),
  });
  const best = rate(few, stub) > rate(few, classes) ? stub : classes;
  return [
    { name: `${set.name}: upload`, value: ourRate, unit: ' MB/s' },
    beside('encode only', encode, set, goals.encode),
    beside('ready buffer, same sink', ready, set),
    beside("the vendor's REST client", rest, few, goals.rest),
    beside("the vendor's gRPC client, the better way", best, few, goals.grpc),
    beside('curl, a file a request, 8 at once', one, few, goals.curl),
    beside('curl, a batch a request, 2 at once', batches, few),
    {
      name: `${set.name}: CPU seconds / GB`,
      value: ours.cpuSeconds / (totalBytes(set) / 1e9),
      unit: '',
      ...(goals.cpu && { goal: goals.cpu[0], beyond: goals.cpu[1] }),
    },
    { name: `${set.name}: peak memory`, value: ours.peakMiB, unit: ' MiB', goal: 150, beyond: 110 },
    { name: `${set.name}: peak memory of the REST client`, value: rest.peakMiB, unit: ' MiB' },
    { name: `${set.name}: peak memory of the gRPC client`, value: best.peakMiB, unit: ' MiB' },
    ...(set.name === '100 KB'
      ? [{ name: '100 KB: wire bytes / raw bytes', value: wire / totalBytes(set), unit: '', goal: 1.336 }]
      : []),
  ];
}

/** MB/s; 0 for what failed. */
function rate(set: FileSet, usage: Pick<Usage, 'seconds' | 'code'>): number {
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
