import { hasInvalidUtf8, invalidUtf8 } from '../rows/text-decoder.js';
import type { Clock } from '../../context.js';
import { CliError, InterruptedError } from '../../errors.js';
import { statusCodes } from '../../wire/status.js';
import { failedStep, fileStep, literalStep, urlStep, type SourceDefaults } from './draft-steps.js';
import type { Step } from '../model/steps.js';
import type { NumberedLine } from '../rows/lines.js';
import { rowSteps, type ExpandPattern, type Manifest } from './manifest.js';
import { markPauses } from './pauses.js';

/** A path or URL may be so long. */
export const maxLineChars = 100_000;

/** Lines that name a source each. */
export interface LineList {
  readonly at: 'lines';
  /** Its name in errors. */
  readonly name: string;
  /** The content of a line; `urls` may have `#` comments between them. */
  readonly holds: 'urls' | 'paths' | 'both';
  /** How a source is told from the next: an `item` ends with NUL. */
  readonly unit: 'line' | 'item';
  readonly lines: AsyncIterable<NumberedLine>;
}

export type SourceList = (LineList | Manifest) & {
  /** Tells the pauses of a list that somebody may still be writing; undefined for a file. */
  readonly pauseClock: Clock | undefined;
};

/** The sources of a list, one by one, as they come, with the pauses between them. */
export function listedSteps(list: SourceList, drafting: SourceDefaults, expand: ExpandPattern): AsyncGenerator<Step> {
  const steps = sourceSteps(list, drafting, expand);
  return list.pauseClock === undefined ? steps : markPauses(steps, list.pauseClock);
}

/** What is wrong with one source does not stop the next. */
async function* sourceSteps(list: SourceList, drafting: SourceDefaults, expand: ExpandPattern): AsyncGenerator<Step> {
  try {
    yield* list.at === 'rows' ? rowSteps(list, drafting, expand) : lineSteps(list, drafting);
  } catch (error) {
    // what was read of it is on its way, and further lists may be good
    if (error instanceof InterruptedError) return;
    if (!(error instanceof CliError)) throw error;
    yield failedStep(list.name, `${error.message}; what follows in it was not read`);
  }
}

async function* lineSteps(list: LineList, drafting: SourceDefaults): AsyncGenerator<Step> {
  for await (const line of list.lines) if (!isBlank(line, list)) yield lineStep(line, list, drafting);
}

function isBlank({ text }: NumberedLine, { unit, holds }: LineList): boolean {
  if (text === undefined) return false;
  if (unit === 'item') return text === '';
  const shown = text.trimStart();
  return shown === '' || (holds === 'urls' && shown.startsWith('#'));
}

function lineStep({ line, text }: NumberedLine, list: LineList, drafting: SourceDefaults): Step {
  const location = `${list.name} ${list.unit} ${line}`;
  if (text === undefined) return failedStep(location, `is longer than ${maxLineChars} characters`);
  const problem = lineProblem(text, list);
  if (problem !== undefined) {
    return failedStep(text, problem, { location, ...(list.holds === 'urls' && { code: statusCodes.inputInvalidUrl }) });
  }
  switch (list.holds) {
    case 'urls':
      return urlStep(withoutComment(text), location, drafting);
    case 'paths':
      return fileStep({ source: text, location }, drafting);
    case 'both':
      return literalStep(text, location, drafting);
  }
}

/** Without ` #` and what follows it. */
function withoutComment(text: string): string {
  return text.replace(/\s#.*$/s, '');
}

function lineProblem(text: string, { holds }: LineList): string | undefined {
  if (hasInvalidUtf8(text)) return invalidUtf8;
  return holds !== 'urls' && text.includes('\0') ? 'contains a NUL character; is the list NUL-separated?' : undefined;
}
