import { conceptPages } from '../../api/pages.js';
import { addKnown, suggest, type ConceptList } from '../../core/tag/concepts.js';
import { conceptText, mergeConcepts, parseConceptFlag, parseMeta } from '../../core/model/payload.js';
import type { ConflictRule } from '../../core/add/conflicts/rules.js';
import { jsonText } from '../../core/model/json-text.js';
import type { JsonObject } from '../../wire/json.js';
import { CliError, UsageError } from '../../errors.js';
import type { Survey } from '../../core/add/survey.js';
import { inputsText } from '../../render/survey-text.js';
import { confirm, promptText, promptChoice, type Choice } from '../../render/prompts.js';
import { sanitizedExcerpt, sanitizeForTerminal, shellWord } from '../../render/text.js';
import type { AddRequest } from './command.js';
import { mergeMetadata } from '../options/payload.js';
import { canPrompt, type Session } from '../../session/session.js';

/** A request with what was answered, and the command that asks for the same without questions. */
interface AnsweredRequest {
  readonly request: AddRequest;
  readonly commandLine: string;
}

/** Throws UsageError if no terminal is there to answer. */
export function assertCanAsk(session: Session): void {
  if (canPrompt(session)) return;
  throw new UsageError('--interactive requires a terminal', {
    hint: 'pass -c NAME for concepts, --meta KEY=VALUE for metadata',
  });
}

/** Asks for concepts and metadata of the whole set. */
export async function promptPayload(request: AddRequest, session: Session): Promise<AnsweredRequest> {
  const concepts = await promptConcepts(session);
  const pairs = await promptPairs(session);
  const words = [...concepts.flatMap((text) => ['-c', text]), ...pairs.flatMap((pair) => ['--meta', pair])];
  const flags = words.map((word) => ` ${shellWord(word)}`).join('');
  const { payload } = request;
  const given = payload.metadata === undefined ? [] : [payload.metadata];
  const whole = {
    ...payload,
    concepts: mergeConcepts(payload.concepts, concepts.map(parseConceptFlag)),
    metadata: mergeMetadata([...given, ...pairs.map(parseMeta)]),
  };
  return {
    request: { ...request, payload: whole },
    commandLine: session.commandLine.replace(/ --interactive(?= |$)/, () => flags),
  };
}

/** Says what will be sent, and asks whether to. `survey` is undefined where the sources were not counted. */
export async function confirmSending(
  { payload: { concepts, metadata = {} }, onConflict }: AddRequest,
  survey: Survey | undefined,
  { context }: Session,
): Promise<boolean> {
  const what = survey === undefined ? 'all sources' : inputsText(survey);
  const names = concepts.map(({ id, value = 1 }) => conceptText(id, value));
  const annotations = [listText('concept', names), listText('metadata', pairTexts(metadata))].filter(
    (text) => text !== '',
  );
  const sent = annotations.length === 0 ? 'without concepts or metadata' : `with ${annotations.join(' and ')}`;
  return await confirm(`Add ${what} ${sent} (${conflictTexts[onConflict]})?`, context, true);
}

/** What becomes of those that the app has already: they are among what was counted. */
const conflictTexts: Readonly<Record<ConflictRule, string>> = {
  skip: 'skipping those already in the app',
  fail: 'failing for those already in the app',
  update: 'updating those already in the app',
  replace: 'replacing those already in the app',
};

function pairTexts(metadata: JsonObject): readonly string[] {
  return Object.entries(metadata).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : jsonText(value)}`,
  );
}

/** Names that fit a question. */
const maxNames = 8;

function listText(noun: 'concept' | 'metadata', names: readonly string[]): string {
  if (names.length === 0) return '';
  const shown = names.slice(0, maxNames).map((name) => sanitizedExcerpt(name));
  const more = names.length > maxNames ? ` and ${names.length - maxNames} more` : '';
  const plural = noun === 'concept' && names.length > 1 ? 's' : '';
  return `${noun}${plural} ${shown.join(', ')}${more}`;
}

/** Pairs are spelled as in flags; an empty answer ends the list. */
async function promptConcepts(session: Session): Promise<readonly string[]> {
  const known = await knownConcepts(session);
  const given: string[] = [];
  for (;;) {
    const question = given.length === 0 ? 'Concept for all inputs (NAME=0 marks it absent):' : 'Another concept:';
    const text = await promptChoice(question, (typed) => choices(known, typed), session.context);
    if (text === '') return given;
    given.push(text);
  }
}

function choices(known: ConceptList, typed: string): readonly Choice[] {
  const concepts = suggest(known, typed).map(({ concept, isNew }) => ({
    value: isNew ? concept.id : conceptText(concept.id, 1),
    name: sanitizeForTerminal(concept.name) + (isNew ? '  (new)' : ''),
  }));
  return typed === '' ? [{ value: '', name: 'done' }, ...concepts] : concepts;
}

/** Those of the app; none where it can't be asked: the upload will say why. */
async function knownConcepts(session: Session): Promise<ConceptList> {
  let list: ConceptList = [];
  try {
    for await (const page of conceptPages(await session.service())) list = addKnown(list, page);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
  }
  return list;
}

async function promptPairs({ context }: Session): Promise<readonly string[]> {
  const given: string[] = [];
  for (;;) {
    const pair = await promptText('Metadata for all inputs, KEY=VALUE (leave empty to finish):', context, pairProblem);
    if (pair === '') return given;
    given.push(pair);
  }
}

function pairProblem(text: string): true | string {
  try {
    if (text.trim() !== '') parseMeta(text.trim());
    return true;
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}
