import { Command } from 'commander';
import { conceptPages } from '../api/pages.js';
import type { Context } from '../context.js';
import { cacheConcepts, cachedConcepts, type ConceptOwner } from './concept-cache.js';
import { sandboxFolder } from '../core/settings/folders.js';
import { readProfiles } from '../core/settings/profiles.js';
import { resolveSettings } from '../core/settings/settings.js';
import { findVendorContext } from '../core/settings/vendor-context.js';
import { openSession } from '../session/open-session.js';
import { sanitizeForTerminal } from '../render/text.js';
import { parseGlobals, type GlobalOptions, type GlobalValues } from '../session/global-options.js';
import { declareGlobals } from './program.js';

/** A person waits for it at the prompt. */
const limitMs = 1000;

/**
 * What the completion scripts ask for: names of `profiles` or `concepts`, one a line; nothing where there is trouble,
 * since an error would garble the shell's prompt. Never prompts, and never reads stdin.
 *
 * @param words - typed so far, after the program's name: their `--profile`, `--app-id` and so on count
 */
export async function completionValues(
  kind: string | undefined,
  words: readonly string[],
  context: Context,
): Promise<string> {
  try {
    const values = kind === 'profiles' ? profileNames(context) : await conceptIds(words, context);
    return values
      .filter(isWord)
      .map((value) => `${value}\n`)
      .join('');
  } catch {
    return '';
  }
}

/** False for what can't be typed as it is: control characters, an option, a concept that would be read as a value. */
function isWord(value: string): boolean {
  return value !== '' && sanitizeForTerminal(value) === value && !/^-|=[01]$/.test(value);
}

function profileNames(context: Context): readonly string[] {
  return [...readProfiles(context).byName.keys()];
}

async function conceptIds(words: readonly string[], context: Context): Promise<readonly string[]> {
  const options = optionsAmong(words);
  if (options.keyFile === '-') return [];
  const owner = await ownerFor(options, context);
  const cached = cachedConcepts(owner, context);
  if (cached !== undefined) return cached;
  const limit = AbortSignal.timeout(limitMs);
  const hurried = { ...context, stopping: limit, leaving: limit };
  const given = { ...options.given, retries: '0', timeout: String(limitMs / 1000) };
  const open = await openSession({ ...options, given, verbose: false }, hurried, []);
  const ids: string[] = [];
  try {
    for await (const page of conceptPages(await open.session.service())) ids.push(...page.map(({ id }) => id));
    cacheConcepts(owner, ids, context);
  } catch {
    // those that came in time are worth showing
  } finally {
    await open.close();
  }
  return ids;
}

/** The global options on an unfinished line; what else there is says nothing here. */
function optionsAmong(words: readonly string[]): GlobalOptions {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  declareGlobals(program);
  program.parseOptions([...words]);
  return parseGlobals(program.opts<GlobalValues>());
}

/** The sandbox is known by its folder: where it listens changes with every run. */
async function ownerFor(options: GlobalOptions, context: Context): Promise<ConceptOwner> {
  const sandbox = options.sandbox ? { 'api-base': sandboxFolder(context) } : undefined;
  const { current: vendor } = await findVendorContext(options.given, options.profile, context);
  const settings = resolveSettings(options.given, options.profile, context, { sandbox, vendor });
  return {
    service: settings['api-base']?.value ?? '',
    userId: settings['user-id']?.value,
    appId: settings['app-id']?.value,
    key: options.keyFile ?? settings['api-key']?.value,
  };
}
