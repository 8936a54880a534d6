import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runTest, type Tree } from './tree.js';

/** What one test file reaches: by source file, the lines that ran. */
export interface TestReach {
  readonly test: string;
  readonly ms: number;
  readonly lines: Readonly<Record<string, readonly number[]>>;
}

/** Runs a test file once on the unchanged tree; undefined where it fails there already. */
export async function measureReach(tree: Tree, test: string): Promise<TestReach | undefined> {
  const coverage = join(tree.root, '.reach');
  rmSync(coverage, { recursive: true, force: true });
  mkdirSync(coverage);
  const { passed, ms } = await runTest(tree, test, { NODE_V8_COVERAGE: coverage });
  return passed ? { test, ms, lines: reachedLines(tree, coverage) } : undefined;
}

function reachedLines(tree: Tree, coverage: string): Readonly<Record<string, number[]>> {
  const prefix = `${pathToFileURL(tree.root).href}/`;
  const reached = new Map<string, Set<number>>();
  for (const name of readdirSync(coverage)) {
    const report: unknown = JSON.parse(readFileSync(join(coverage, name), 'utf8'));
    if (!isReport(report)) continue;
    for (const script of report.result) {
      const file = script.url.startsWith(prefix) ? script.url.slice(prefix.length) : '';
      if (!file.startsWith('src/')) continue;
      const lines = reached.get(file) ?? new Set();
      const lineAt = sourceLinesOf(file, report['source-map-cache']?.[script.url]);
      for (const [at, ran] of ranCharacters(script, lineAt.length).entries()) if (ran === 1) lines.add(lineAt[at] ?? 0);
      reached.set(file, lines);
    }
  }
  return Object.fromEntries([...reached].map(([file, lines]) => [file, [...lines].sort((a, b) => a - b)]));
}

interface Range {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}

interface Script {
  readonly url: string;
  readonly functions: readonly { readonly ranges: readonly Range[] }[];
}

interface CachedMap {
  readonly lineLengths: readonly number[];
  readonly data: SourceMapPayload | null;
}

interface Report {
  readonly result: readonly Script[];
  readonly 'source-map-cache'?: Readonly<Record<string, CachedMap>>;
}

/** The line of the source that each character of a script stands for, 0 for none; the same whichever test ran it. */
const sourceLines = new Map<string, Uint32Array>();

function sourceLinesOf(file: string, map: CachedMap | undefined): Uint32Array {
  const known = sourceLines.get(file);
  if (known !== undefined) return known;
  if (map?.data == null) throw new Error(`${file} has no source map`);
  const sourceMap = new SourceMap(map.data);
  const lines = new Uint32Array(map.lineLengths.reduce((sum, length) => sum + length + 1, 0));
  let offset = 0;
  for (const [generated, length] of map.lineLengths.entries()) {
    for (let column = 0; column < length; column += 1) {
      const entry = sourceMap.findEntry(generated, column);
      const line = 'originalLine' in entry ? entry.originalLine : undefined;
      if (typeof line === 'number') lines[offset + column] = line + 1;
    }
    offset += length + 1;
  }
  sourceLines.set(file, lines);
  return lines;
}

/** 1 for each character that ran. Ranges within others come later, and say it more exactly. */
function ranCharacters({ functions }: Script, lengthChars: number): Uint8Array {
  const ran = new Uint8Array(lengthChars);
  const ranges = functions.flatMap((one) => one.ranges);
  const outerFirst = ranges.toSorted((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
  for (const { startOffset, endOffset, count } of outerFirst) ran.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  return ran;
}

/** V8 writes the report; that its parts are as it documents them shows at once. */
function isReport(value: unknown): value is Report {
  return typeof value === 'object' && value !== null && 'result' in value && Array.isArray(value.result);
}
