import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Figure } from './figures.js';
import { makeFiles } from './files.js';
import { bin, median, runNode, type Sink, type Usage } from './processes.js';
import { urls } from './scale.js';

const newerMajors = [22, 24];

const figureNames = { seconds: 'seconds', cpuSeconds: 'CPU seconds', peakMiB: 'peak memory' } as const;

interface Case {
  readonly name: string;
  readonly words: readonly string[];
  readonly stdin?: () => Iterable<string>;
  readonly rounds: number;
  readonly figures: readonly (keyof typeof figureNames)[];
}

interface NodeProgram {
  readonly major: number;
  readonly path: string;
}

/** What newer Nodes take beside the one that runs the benchmark; in turn, so that a busy moment hits all alike. */
export async function newerNodes(sink: Sink, quick: boolean): Promise<readonly Figure[]> {
  const base: NodeProgram = { major: Number.parseInt(process.versions.node, 10), path: process.execPath };
  const newer = newerMajors.map((major): NodeProgram => ({ major, path: installNode(major) }));
  const figures: Figure[] = [];
  for (const one of casesOf(quick)) figures.push(...(await compareNodes(one, { base, newer }, sink)));
  return figures;
}

function casesOf(quick: boolean): readonly Case[] {
  const { folder } = makeFiles('for each Node', 2_000_000, quick ? 100 : 500);
  const [startRounds, workRounds] = quick ? [5, 1] : [15, 3];
  const add = ['add', '--no-wait', '-q', '--rps', '0'];
  return [
    { name: '`--version`', words: ['--version'], rounds: startRounds, figures: ['seconds'] },
    { name: '`list`', words: ['list', '-o', 'ndjson'], rounds: startRounds, figures: ['seconds'] },
    { name: 'upload', words: [...add, folder], rounds: workRounds, figures: ['seconds', 'cpuSeconds', 'peakMiB'] },
    {
      name: '100,000 URLs',
      words: [...add, '-'],
      stdin: () => urls(100_000),
      rounds: workRounds,
      figures: ['seconds', 'peakMiB'],
    },
  ];
}

async function compareNodes(
  { name, words, stdin, rounds, figures }: Case,
  { base, newer }: { readonly base: NodeProgram; readonly newer: readonly NodeProgram[] },
  sink: Sink,
): Promise<readonly Figure[]> {
  const nodes = [base, ...newer];
  const usages = new Map(nodes.map(({ major }) => [major, [] as Usage[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { major, path } of nodes) {
      await sink.seen();
      const input = stdin === undefined ? {} : { stdin: stdin() };
      usages.get(major)?.push(await runNode([bin, ...words], { env: sink.env, node: path, ...input }));
    }
  }
  const valueOf = ({ major }: NodeProgram, figure: keyof typeof figureNames): number =>
    median((usages.get(major) ?? []).map((usage) => (usage.code === 0 ? usage[figure] : Number.NaN)));
  return newer.flatMap((node) =>
    figures.map((figure) => ({
      name: `${name}: ${figureNames[figure]}, Node ${node.major} / Node ${base.major}`,
      value: valueOf(node, figure) / valueOf(base, figure),
      unit: '',
    })),
  );
}

/** The newest Node of a major version, as npm has it, installed beside this file if it is not there yet. */
function installNode(major: number): string {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = fileURLToPath(new URL(`nodes/${major}`, import.meta.url));
  const path = `${folder}/node_modules/${name}/bin/node`;
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  // without the prefix, npm installs into the first folder above that has a package.json: into the project itself
  const args = [
    'install',
    '--prefix',
    folder,
    '--no-save',
    '--no-package-lock',
    '--no-audit',
    '--no-fund',
    `${name}@${major}`,
  ];
  execFileSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  return path;
}
