import { createHash, randomUUID } from 'node:crypto';
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isList, isObject } from '../wire/json.js';
import type { Context } from '../context.js';
import { cacheFolder } from '../core/settings/folders.js';
import { makeFolder } from '../core/files/make-folder.js';

const keptMs = 5 * 60_000;
const folderMode = 0o700;
const fileMode = 0o600;

/** Whose concepts: what an answer of the service depends on. */
export interface ConceptOwner {
  readonly service: string;
  readonly userId: string | undefined;
  readonly appId: string | undefined;
  /** The key, or the name of its file: without an app id it is the key that says which app. */
  readonly key: string | undefined;
}

/** The ids of the concepts as they were some minutes ago at most; undefined if they are to be asked for. */
export function cachedConcepts(owner: ConceptOwner, context: Context): readonly string[] | undefined {
  let saved: unknown;
  try {
    saved = JSON.parse(readFileSync(pathFor(owner, context), 'utf8'));
  } catch {
    return undefined;
  }
  if (!isObject(saved) || !isList(saved['ids']) || typeof saved['savedMs'] !== 'number') return undefined;
  const ageMs = context.clock.now() - saved['savedMs'];
  return ageMs >= 0 && ageMs < keptMs ? saved['ids'].filter((id) => typeof id === 'string') : undefined;
}

/** Keeps the ids, as a whole or not at all. Throws what the file system says. */
export function cacheConcepts(owner: ConceptOwner, ids: readonly string[], context: Context): void {
  const path = pathFor(owner, context);
  const folder = cacheFolder(context);
  makeFolder(folder, folderMode);
  chmodSync(folder, folderMode);
  const unfinished = `${path}.${randomUUID()}`;
  writeFileSync(unfinished, JSON.stringify({ savedMs: context.clock.now(), ids }), { mode: fileMode, flag: 'wx' });
  renameSync(unfinished, path);
}

/** A digest, so that no key stands anywhere. */
function pathFor({ service, userId, appId, key }: ConceptOwner, context: Context): string {
  const parts = [service, userId, appId, key].map((part) => part ?? '');
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return join(cacheFolder(context), `concepts-${digest.slice(0, 32)}.json`);
}
