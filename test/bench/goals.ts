/** What a figure is to reach, what it would be proud of, and which way is better. */
export interface Goal {
  readonly goal: number;
  readonly beyond?: number;
  readonly want: 'more' | 'less';
}

function atMost(goal: number, beyond?: number): Goal {
  return { goal, want: 'less', ...(beyond !== undefined && { beyond }) };
}

function atLeast(goal: number, beyond?: number): Goal {
  return { goal, want: 'more', ...(beyond !== undefined && { beyond }) };
}

const flatMemory = atMost(300, 200);
/** With what must be kept to send a source once more, or to write it down. */
const memoryWithOptions = atMost(300, 230);
const newerNode = atMost(1.3, 1.1);

/** The goals of each part by the names of its figures: what is not named here is only told. */
export const goals: Readonly<Record<string, Readonly<Record<string, Goal>>>> = {
  'start-up': {
    '`--version` / `node -e 0`': atMost(1.35, 1.25),
    '`--help` / `node -e 0`': atMost(1.35, 1.25),
    '`list`, one page / `node -e 0`': atMost(2.8, 2.4),
  },
  uploads: {
    '20 KB: peak memory': atMost(150, 110),
    "100 KB: upload / the floor's": atLeast(0.6, 0.75),
    "100 KB: CPU seconds / the floor's": atMost(1.6, 1.3),
    "100 KB: upload / the vendor's REST client": atLeast(4, 6),
    "100 KB: upload / the vendor's gRPC client, the better way": atLeast(2.5, 4),
    '100 KB: upload / curl, a file a request, 8 at once': atLeast(30, 50),
    '100 KB: CPU seconds / GB': atMost(2.4, 1.6),
    '100 KB: peak memory': atMost(150, 110),
    '100 KB: wire bytes / raw bytes': atMost(1.336),
    "2 MB: upload / the floor's": atLeast(0.9, 1),
    "2 MB: CPU seconds / the floor's": atMost(1.4, 1.2),
    "2 MB: upload / the vendor's REST client": atLeast(5, 8),
    "2 MB: upload / the vendor's gRPC client, the better way": atLeast(4, 6),
    '2 MB: upload / curl, a file a request, 8 at once': atLeast(5, 8),
    '2 MB: CPU seconds / GB': atMost(1.8, 1.3),
    '2 MB: peak memory': atMost(150, 110),
    "15 MB: upload / the floor's": atLeast(0.9, 1),
    "15 MB: CPU seconds / the floor's": atMost(1.4, 1.2),
    "15 MB: upload / the vendor's gRPC client, the better way": atLeast(6, 10),
    '15 MB: upload / curl, a file a request, 8 at once': atLeast(2, 3),
    '15 MB: CPU seconds / GB': atMost(1.8, 1.3),
    '15 MB: peak memory': atMost(150, 110),
  },
  grpc: {
    '100 KB: upload over gRPC / over REST': atLeast(1.1, 1.3),
    "100 KB: upload over gRPC / the vendor's gRPC client, the better way": atLeast(4, 6),
    '100 KB: peak memory over gRPC': atMost(120, 100),
    '100 KB: wire bytes / raw bytes over gRPC': atMost(1.01, 1.004),
    '2 MB: upload over gRPC / over REST': atLeast(1.3, 1.6),
    "2 MB: upload over gRPC / the vendor's gRPC client, the better way": atLeast(12, 16),
    '2 MB: CPU seconds over gRPC / over REST': atMost(0.75, 0.6),
    '2 MB: peak memory over gRPC': atMost(120, 100),
    '15 MB: upload over gRPC / over REST': atLeast(1.3, 1.6),
    "15 MB: upload over gRPC / the vendor's gRPC client, the better way": atLeast(8, 12),
    '15 MB: CPU seconds over gRPC / over REST': atMost(0.75, 0.6),
    '15 MB: peak memory over gRPC': atMost(120, 100),
    '`list` over gRPC / over REST': atMost(1, 0.8),
    '`list` over gRPC / `node -e 0`': atMost(2.2),
    "sandbox, 100 MB in one message of the vendor's client: peak memory above idle": atMost(250, 150),
  },
  scale: {
    '1,000 URLs: peak memory': flatMemory,
    '10,000 URLs: peak memory': flatMemory,
    '100,000 URLs: peak memory': flatMemory,
    '1,000,000 URLs: peak memory': flatMemory,
    'time a source, 1,000,000 URLs / 1,000': atMost(1.2, 1),
  },
  rows: {
    '1,000,000 URLs, 1 in 1,000 fails, `--failures`: peak memory': memoryWithOptions,
    '1,000,000 URLs, 1 in 1,000 fails, `--on-failed retry`: peak memory': memoryWithOptions,
    '1,000,000 rows, `patch --from -`: peak memory': flatMemory,
    '1,000,000 ids, `patch -`: peak memory': flatMemory,
    '1,000,000 ids, `rm -`: peak memory': flatMemory,
    '1,000,000 ids, `get - --download`: peak memory': flatMemory,
  },
  nodes: Object.fromEntries(
    [22, 24].flatMap((major) =>
      ['`--version`: seconds', '`list`: seconds', 'upload: seconds', 'upload: CPU seconds']
        .concat('upload: peak memory', '100,000 URLs: seconds', '100,000 URLs: peak memory')
        .map((figure) => [`${figure}, Node ${major} / Node 20`, newerNode]),
    ),
  ),
  waiting: {
    '10,000 inputs, all done, 100 ms an answer: requests': atMost(10_000 / 128 + 5, 2 * 10 + 5),
    '100,000 inputs, all done, 100 ms an answer: requests': atMost(100_000 / 128 + 5, 2 * 100 + 5),
  },
  reading: { '`list` of 100,000 as NDJSON / receive only': atMost(3.8, 2) },
  globbing: { 'glob and stat of 100,000 files / readdir walk and stat': atMost(2.5, 1.5) },
};
