import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { applyMutant, findMutants, hasValidSyntax, type Mutant } from './mutations.js';
import { judgeMutants, type Verdict } from './judge.js';
import { projectFiles, projectRoot } from './tree.js';

// npm run mutants [-- --sample N --seed N --tests FOLDER PATH...]: spoils one point of the source at a time, and sees whether a test fails.

const { values, positionals } = parseArgs({
  options: {
    sample: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    tests: { type: 'string', default: 'test/' },
  },
  allowPositionals: true,
});
const paths = positionals.length === 0 ? ['src/core', 'src/api'] : positionals;
const texts = new Map(
  projectFiles()
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts') && paths.some((path) => file.startsWith(path)))
    .map((file) => [file, readFileSync(join(projectRoot, file), 'utf8')]),
);
const all = [...texts].flatMap(([file, text]) => findMutants(file, text));
const chosen = pickMutants(all, Number(values.sample), Number(values.seed));
process.stderr.write(`${chosen.length} of ${all.length} mutants in ${texts.size} files\n`);

const verdicts: Verdict[] = [];
for await (const verdict of judgeMutants(chosen, values.tests)) {
  verdicts.push(verdict);
  const { file, line } = verdict.mutant;
  process.stderr.write(`${verdicts.length}/${chosen.length} ${verdict.outcome} ${file}:${line} (${verdict.by})\n`);
}
printSummary(verdicts);

/** A sample that is the same for the same seed, in the order of the files. */
function pickMutants(mutants: readonly Mutant[], count: number, seed: number): readonly Mutant[] {
  const random = seededRandom(seed);
  const shuffled = mutants.map((mutant) => ({ mutant, key: random() })).sort((a, b) => a.key - b.key);
  const picked: Mutant[] = [];
  for (const { mutant } of shuffled) {
    if (picked.length >= count) break;
    if (hasValidSyntax(applyMutant(texts.get(mutant.file) ?? '', mutant))) picked.push(mutant);
  }
  return picked.sort((a, b) => a.file.localeCompare(b.file) || a.start - b.start);
}

/** Numbers from 0 to 1. Source: mulberry32, by Tommy Ettinger, in the public domain. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function printSummary(verdicts: readonly Verdict[]): void {
  const survivors = verdicts.filter(({ outcome }) => outcome === 'survived');
  const killed = verdicts.filter(({ outcome }) => outcome === 'killed').length;
  const total = killed + survivors.length;
  for (const { mutant, by } of survivors) {
    const change = [mutant.before, mutant.after].map((text) => text.replaceAll(/\s+/g, ' ').slice(0, 100));
    process.stdout.write(`${mutant.file}:${mutant.line}: ${change.join('  →  ')}  (${by})\n`);
  }
  const share = total === 0 ? 100 : (100 * killed) / total;
  const refused = verdicts.length - total;
  process.stdout.write(
    `killed ${killed}, survived ${survivors.length}, total ${total}: ${share.toFixed(1)} % killed\n`,
  );
  if (refused > 0) process.stdout.write(`${refused} more do not compile, and count as no mutants\n`);
}
