import { UsageError } from '../errors.js';

/** Options or arguments by how a person writes them, such as `--where` or `IDs`, each true if it was given. */
export type Given = Readonly<Record<string, boolean>>;

/** Throws UsageError if more than one was given. */
export function assertOnlyOne(alternatives: Given, hint?: string): void {
  if (givenNames(alternatives).length <= 1) return;
  throw new UsageError(`specify only one of ${joinNames(Object.keys(alternatives))}`, { hint });
}

/** Throws UsageError if the option was given together with any of the others; names those that were. */
export function assertNotTogether(option: Given, others: Given, hint?: string): void {
  const [name] = givenNames(option);
  const excluded = givenNames(others);
  if (name === undefined || excluded.length === 0) return;
  throw new UsageError(`${name} cannot be used with ${joinNames(excluded)}`, { hint });
}

/** Throws UsageError if the option was given without any of the others. */
export function assertOnlyWith(option: Given, others: Given, hint?: string): void {
  const [name] = givenNames(option);
  if (name === undefined || givenNames(others).length > 0) return;
  throw new UsageError(`${name} is only supported with ${joinNames(Object.keys(others))}`, { hint });
}

function givenNames(given: Given): readonly string[] {
  return Object.keys(given).filter((name) => given[name] === true);
}

/** a, b or c. */
function joinNames(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;
}
