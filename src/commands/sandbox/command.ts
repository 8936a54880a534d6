import { InvalidArgumentError, type Command } from 'commander';
import { UsageError } from '../../errors.js';
import type { SandboxOptions } from '../../sandbox/server.js';
import { sandboxKey, sandboxTimes } from '../../session/sandbox-defaults.js';
import { decimal, fileName, number, text, whole, type Flags } from '../options/values.js';
import type { Start } from '../../session/session.js';

const maxPort = 65_535;
const aDayMs = 86_400_000;

type FaultOptions = SandboxOptions['faults'];
type Outcomes = FaultOptions['outcomes'];

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
  readonly faults: FaultOptions;
}

/** Declares `sandbox`. */
export function declareSandbox(command: Command, start: Start): void {
  const rate = decimal({ min: 0, max: 1 });
  const ms = whole({ min: 0, max: aDayMs });
  command
    .description('Run a local server that speaks the same API, until it is interrupted.')
    .option('--port <n>', 'where to listen (default: any free port)', whole({ min: 0, max: maxPort }), 0)
    .option('--key <key>', 'the key it accepts', sandboxKey)
    .option('--data <dir>', 'where it keeps its state (default: where --sandbox does)', fileName)
    .option('--memory', 'keep nothing')
    .option('--index-ms <ms>', 'from an add until the input is indexed', ms, sandboxTimes.indexMs)
    .option('--delete-ms <ms>', 'from a delete until the input is gone', ms, sandboxTimes.deleteMs)
    .option('--fetch', 'fetch URLs, so that dead ones fail')
    .option('--no-delete-all', "refuse delete_all, as today's service does")
    .option('--tls-cert <file>', 'serve over TLS, with this certificate (PEM)', fileName)
    .option('--tls-key <file>', "the certificate's key (PEM)", fileName)
    .option('--latency <ms>', 'wait before each answer', ms, 0)
    .option('--throttle <rps>', 'refuse requests beyond this rate', decimal({ min: 0 }), 0)
    .option('--fail-rate <share>', 'inputs that end at 30002', rate, 0)
    .option('--outcome <text=code>', 'inputs whose id or URL holds TEXT end at CODE (repeatable)', outcome)
    .option('--error-rate <share>', 'requests answered with a 5xx', rate, 0)
    .option('--drop-rate <share>', 'answers lost after the work was done', rate, 0)
    .option('--truncate-rate <share>', 'answers cut in half', rate, 0)
    .option('--seed <n>', 'of what goes wrong by chance', whole({ min: 0 }), 1)
    .addHelpText('before', examples)
    .action((flags: Flags) => start(async () => (await import('./run.js')).runSandbox, parseSandbox(flags)));
}

const examples = `Examples:
  clarifai-inputs sandbox --port 8000 --memory
  eval "$(clarifai-inputs sandbox --port 8000 & sleep 1)"; clarifai-inputs list
  clarifai-inputs sandbox --drop-rate 0.3 --seed 1
`;

function outcome(value: string, before: Outcomes | undefined): Outcomes {
  const match = /^(.+)=(\d{5})$/s.exec(value);
  if (match?.[1] === undefined) throw new InvalidArgumentError('It is TEXT=CODE, for example broken=30300.');
  return [...(before ?? []), { text: match[1], code: Number(match[2]) }];
}

/** Reads the words of `sandbox`. Throws UsageError. */
export function parseSandbox(flags: Flags): SandboxRequest {
  const memory = flags['memory'] === true;
  const dataDir = text(flags, 'data');
  if (memory && dataDir !== undefined) throw new UsageError('--memory keeps nothing, --data does: give one of them');
  const key = text(flags, 'key') ?? sandboxKey;
  if (!/^[\x21-\x7e]+$/.test(key)) throw new UsageError('--key takes visible ASCII characters');
  return {
    port: number(flags, 'port') ?? 0,
    key,
    dataDir,
    memory,
    indexMs: number(flags, 'indexMs') ?? sandboxTimes.indexMs,
    deleteMs: number(flags, 'deleteMs') ?? sandboxTimes.deleteMs,
    fetchUrls: flags['fetch'] === true,
    deleteAll: flags['deleteAll'] !== false,
    tls: tlsOf(text(flags, 'tlsCert'), text(flags, 'tlsKey')),
    faults: faultsOf(flags),
  };
}

function tlsOf(certFile: string | undefined, keyFile: string | undefined): SandboxRequest['tls'] {
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined || keyFile === undefined)
    throw new UsageError('specify both `--tls-cert` and `--tls-key`');
  return { certFile, keyFile };
}

function faultsOf(flags: Flags): FaultOptions {
  const outcomes: unknown = flags['outcome'];
  return {
    latencyMs: number(flags, 'latency') ?? 0,
    throttleRps: number(flags, 'throttle') ?? 0,
    failRate: number(flags, 'failRate') ?? 0,
    outcomes: isOutcomes(outcomes) ? outcomes : [],
    errorRate: number(flags, 'errorRate') ?? 0,
    dropRate: number(flags, 'dropRate') ?? 0,
    truncateRate: number(flags, 'truncateRate') ?? 0,
    seed: number(flags, 'seed') ?? 1,
  };
}

/** What `outcome` above gathered. */
function isOutcomes(value: unknown): value is Outcomes {
  return Array.isArray(value);
}
