import type { Command } from '@commander-js/extra-typings';
import { InvalidArgumentError } from 'commander';
import { UsageError } from '../../errors.js';
import type { SandboxOptions } from '../../sandbox/server.js';
import { sandboxKey, sandboxTimes } from '../../session/embedded-sandbox.js';
import { assertOnlyOne } from '../../session/option-rules.js';
import type { OptionsOf, Start } from '../command.js';
import { decimal, integer } from '../options/values.js';

const maxPort = 65_535;
const aDayMs = 86_400_000;

type FaultOptions = SandboxOptions['faults'];
type Outcomes = FaultOptions['outcomes'];
type Bucket = NonNullable<SandboxOptions['buckets']>[number];

export interface SandboxRequest {
  readonly port: number;
  readonly key: string;
  /** Undefined: the folder that `--sandbox` uses. */
  readonly dataDir: string | undefined;
  readonly memory: boolean;
  readonly indexMs: number;
  readonly deleteMs: number;
  readonly fetchUrls: boolean;
  readonly deleteAll: boolean;
  /** Files of a certificate and its key; undefined: in the clear. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
  readonly buckets: readonly Bucket[];
  readonly faults: FaultOptions;
}

export function declareSandbox(command: Command, start: Start<SandboxRequest>): void {
  addSandboxOptions(command).action((options) => start(parseSandbox(options)));
}

function addSandboxOptions(command: Command) {
  const rate = decimal({ min: 0, max: 1 });
  const ms = integer({ min: 0, max: aDayMs });
  return command
    .description('Run a local server that speaks the same API, until interrupted.')
    .optionsGroup('Server:')
    .option('--port <n>', 'port to listen on (default: a free port)', integer({ min: 0, max: maxPort }))
    .option('--key <key>', 'API key to accept', sandboxKey)
    .option('--data <dir>', 'folder for its state (default: the one that --sandbox uses)')
    .option('--memory', 'keep the state in memory only')
    .option('--tls-cert <file>', 'serve over TLS, with this certificate (PEM)')
    .option('--tls-key <file>', "the certificate's key (PEM)")
    .optionsGroup('Behavior:')
    .option('--index-ms <ms>', 'time from adding to indexed', ms, sandboxTimes.indexMs)
    .option('--delete-ms <ms>', 'time from deleting to gone', ms, sandboxTimes.deleteMs)
    .option('--fetch', 'fetch URLs, so that dead ones fail')
    .option('--no-delete-all', "refuse delete_all, as today's service does")
    .option('--bucket <name=dir>', 'serve a folder as the bucket NAME (repeatable)', collectBuckets)
    .option(
      '--bucket-credentials <name=id:secret>',
      'credentials that the bucket NAME requires (repeatable)',
      collectBucketCredentials,
    )
    .optionsGroup('Faults:')
    .option('--latency <ms>', 'wait before each answer', ms, 0)
    .option('--throttle <rps>', 'refuse requests beyond this rate', decimal({ min: 0 }), 0)
    .option('--fail-rate <share>', 'share of inputs that end at 30002', rate, 0)
    .option('--outcome <text=code>', 'inputs whose ID or URL contains TEXT end at CODE (repeatable)', collectOutcomes)
    .option('--error-rate <share>', 'share of requests answered with a 5xx', rate, 0)
    .option('--drop-rate <share>', 'share of answers lost after the work was done', rate, 0)
    .option('--truncate-rate <share>', 'share of answers cut in half', rate, 0)
    .option('--seed <n>', 'seed for random faults', integer({ min: 0 }), 1)
    .addHelpText('before', examples);
}

type SandboxFlags = OptionsOf<typeof addSandboxOptions>;

const examples = `Examples:
  clarifai-inputs sandbox --port 8000 --memory
  clarifai-inputs sandbox --memory > env & sleep 1; . ./env; clarifai-inputs list
  clarifai-inputs sandbox --drop-rate 0.3 --seed 1
`;

function collectOutcomes(value: string, before: Outcomes | undefined): Outcomes {
  const match = /^(.+)=(\d{5})$/s.exec(value);
  if (match?.[1] === undefined) throw new InvalidArgumentError('Expected TEXT=CODE, for example broken=30300.');
  return [...(before ?? []), { text: match[1], code: Number(match[2]) }];
}

function collectBuckets(value: string, before: readonly Bucket[] | undefined): readonly Bucket[] {
  const [, name, folder] = /^([^=/]+)=(.+)$/s.exec(value) ?? [];
  if (name === undefined || folder === undefined) {
    throw new InvalidArgumentError('Expected NAME=DIR, for example photos=./photos.');
  }
  return [...(before ?? []), { name, folder }];
}

interface NamedCredentials extends NonNullable<Bucket['credentials']> {
  readonly name: string;
}

function collectBucketCredentials(
  value: string,
  before: readonly NamedCredentials[] | undefined,
): readonly NamedCredentials[] {
  const [, name, id, secret] = /^([^=/]+)=([^:]+):(.+)$/s.exec(value) ?? [];
  if (name === undefined || id === undefined || secret === undefined) {
    throw new InvalidArgumentError('Expected NAME=ID:SECRET, for example photos=me:open-sesame.');
  }
  return [...(before ?? []), { name, id, secret }];
}

/** Throws UsageError for a key that no request could send, or a folder that would hold nothing. */
export function parseSandbox(options: SandboxFlags): SandboxRequest {
  const { port, key, data, indexMs, deleteMs } = options;
  const memory = options.memory === true;
  assertOnlyOne({ '--memory': memory, '--data': data !== undefined });
  if (!/^[\x21-\x7e]+$/.test(key)) throw new UsageError('--key must consist of visible ASCII characters');
  return {
    // 0 lets the system choose
    port: port ?? 0,
    key,
    dataDir: data,
    memory,
    indexMs,
    deleteMs,
    fetchUrls: options.fetch === true,
    deleteAll: options.deleteAll,
    tls: parseTls(options),
    buckets: parseBuckets(options),
    faults: parseFaults(options),
  };
}

function parseBuckets({ bucket: buckets = [], bucketCredentials = [] }: SandboxFlags): readonly Bucket[] {
  const unknown = bucketCredentials.find(({ name }) => !buckets.some((bucket) => bucket.name === name));
  if (unknown !== undefined) {
    throw new UsageError(`--bucket-credentials: no --bucket is named '${unknown.name}'`);
  }
  const names = buckets.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new UsageError(`--bucket names '${twice}' twice`);
  return buckets.map((bucket) => ({
    ...bucket,
    credentials: bucketCredentials.find(({ name }) => name === bucket.name),
  }));
}

function parseTls({ tlsCert: certFile, tlsKey: keyFile }: SandboxFlags): SandboxRequest['tls'] {
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined || keyFile === undefined) {
    throw new UsageError('specify both --tls-cert and --tls-key');
  }
  return { certFile, keyFile };
}

function parseFaults(options: SandboxFlags): FaultOptions {
  const { latency, throttle, failRate, outcome = [], errorRate, dropRate, truncateRate, seed } = options;
  return {
    latencyMs: latency,
    throttleRps: throttle,
    failRate,
    outcomes: outcome,
    errorRate,
    dropRate,
    truncateRate,
    seed,
  };
}
