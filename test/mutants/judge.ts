import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureReach, type TestReach } from './coverage.js';
import { applyMutant, type Mutant } from './mutations.js';
import { compiles, copyTree, projectFiles, projectRoot, runTest, type Tree } from './tree.js';

/** What became of a mutant: `refused` by the compiler, so that it says nothing about tests. */
export interface Verdict {
  readonly mutant: Mutant;
  readonly outcome: 'killed' | 'survived' | 'refused';
  /** Who killed it, or who let it live. */
  readonly by: string;
}

const workers = 2;
/** A mutant may run in circles: beyond so many times the usual time, and so much more, it counts as noticed. */
const limit = { times: 4, extraMs: 5000 };

/** Outside of the project, and kept: which test reaches what is asked only once for one state of the project. */
const cacheFolder = join(tmpdir(), 'clarifai-inputs-mutants');

/** Judges each mutant by the tests that reach its line, two at a time, in the order in which they end. */
export async function* judgeMutants(mutants: readonly Mutant[], testFolder: string): AsyncGenerator<Verdict> {
  const work = join(cacheFolder, String(process.pid));
  const trees = Array.from({ length: workers }, (_, index) => copyTree(join(work, String(index))));
  try {
    const reaches = await reachOfAll(trees, testFolder);
    yield* forEach(mutants, trees, (mutant, tree) => judge(mutant, tree, reaches));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function judge(mutant: Mutant, tree: Tree, reaches: readonly TestReach[]): Promise<Verdict> {
  const path = join(tree.root, mutant.file);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, applyMutant(text, mutant));
  try {
    const reaching = reaches
      .filter(({ lines }) => lines[mutant.file]?.includes(mutant.line))
      .toSorted((a, b) => a.ms - b.ms);
    for (const { test, ms } of reaching) {
      const { passed } = await runTest(tree, test, {}, ms * limit.times + limit.extraMs);
      if (!passed) return { mutant, outcome: 'killed', by: test };
    }
    if (!(await compiles(tree))) return { mutant, outcome: 'refused', by: 'tsc' };
    const by = reaching.length === 0 ? 'no test reaches it' : `${reaching.length} test files pass`;
    return { mutant, outcome: 'survived', by };
  } finally {
    writeFileSync(path, text);
  }
}

/** What each test file reaches; from the cache, where the project is as it was. */
async function reachOfAll(trees: readonly Tree[], testFolder: string): Promise<readonly TestReach[]> {
  const cache = join(cacheFolder, `reach-${stateOfProject(testFolder)}.json`);
  if (existsSync(cache)) return parseReach(readFileSync(cache, 'utf8'));
  const tests = projectFiles().filter((file) => file.startsWith(testFolder) && file.endsWith('.test.ts'));
  const reaches: TestReach[] = [];
  const measured = forEach(tests, trees, async (test, tree) => ({
    test,
    reach: await measureReach(tree, test),
  }));
  for await (const { test, reach } of measured) {
    if (reach !== undefined) reaches.push(reach);
    process.stderr.write(
      reach === undefined ? `${test} fails unchanged: left out\n` : `${test} ${Math.round(reach.ms)} ms\n`,
    );
  }
  mkdirSync(cacheFolder, { recursive: true });
  writeFileSync(cache, JSON.stringify(reaches));
  return reaches;
}

/** What this file itself wrote, for this very state of the project. */
function parseReach(json: string): readonly TestReach[] {
  const value: unknown = JSON.parse(json);
  const isReach = (one: unknown): one is TestReach => typeof one === 'object' && one !== null && 'lines' in one;
  if (!Array.isArray(value) || !value.every(isReach)) throw new Error('the cache of a former run is damaged');
  return value;
}

function stateOfProject(testFolder: string): string {
  const hash = createHash('sha256').update(testFolder);
  for (const file of projectFiles()) {
    if (/^(?:src|test)\/|^package-lock/.test(file))
      hash.update(`${file}\0`).update(readFileSync(join(projectRoot, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Does the work of each item in a tree that is free. */
async function* forEach<Item, Result>(
  items: readonly Item[],
  trees: readonly Tree[],
  work: (item: Item, tree: Tree) => Promise<Result>,
): AsyncGenerator<Result> {
  let next = 0;
  const running = new Map<Tree, Promise<{ readonly tree: Tree; readonly result: Result }>>();
  const startIn = (tree: Tree): void => {
    const item = items[next];
    next += 1;
    if (item !== undefined)
      running.set(
        tree,
        work(item, tree).then((result) => ({ tree, result })),
      );
  };
  trees.forEach(startIn);
  while (running.size > 0) {
    const { tree, result } = await Promise.race(running.values());
    running.delete(tree);
    startIn(tree);
    yield result;
  }
}
