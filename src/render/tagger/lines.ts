import stringWidth from 'string-width';
import type { ConceptList } from '../../core/tag/concepts.js';
import type { TagInput } from '../../core/tag/input.js';
import { suggestionsFor } from '../../core/tag/search.js';
import { countProgress, current, type Notice, type Search, type TaggingState } from '../../core/tag/state.js';
import type { Colours } from '../colour.js';
import { truncate } from '../text-width.js';
import { sanitizeForTerminal } from '../text.js';
import { conceptLines, listRows, pageAround, type ConceptPage } from './concept-lines.js';
import { formatTags } from './tags-text.js';

/** The head, the place, the progress, the list, the news, the keys: always as many, so that nothing jumps. */
export const promptRows = listRows + 5;

/** How the saving stands. */
export interface Saves {
  /** Inputs on their way. */
  readonly waiting: number;
  readonly saved: number;
  readonly failed: number;
  /** A problem, in one line; '' if there is none. */
  readonly failure: string;
}

export interface Look {
  readonly columns: number;
  readonly colours: Colours;
  readonly saves: Saves;
}

/** The lines below the picture, `promptRows` of them. */
export function taggerLines(state: TaggingState, { columns, colours, saves }: Look): readonly string[] {
  const width = columns - 1;
  const page = pageAround(state.list, state.marked, width);
  const progress = truncate(progressText(state, saves), width);
  const middle =
    state.search === undefined ? conceptLines(state, page, colours) : searchLines(state, state.search, colours, width);
  return [
    colours.bold(truncate(headText(state), width)),
    colours.dim(truncate(placeText(current(state)?.input), width)),
    saves.failed > 0 ? colours.red(progress) : colours.dim(progress),
    ...Array.from({ length: listRows }, (_, row) => middle[row] ?? ''),
    truncate(newsText(state, saves, page), width),
    lastLine(state, width),
  ];
}

/** `12/500  ID`; `12/500+` where more inputs are still to be read than are known. */
function headText(state: TaggingState): string {
  const tagged = current(state);
  const count = countText(state);
  if (tagged !== undefined) return `${state.at + 1}/${count}  ${sanitizeForTerminal(tagged.input.id)}`;
  return state.ended ? `${count}  that was the last one: enter ends, b goes back` : `${count}  reading more inputs…`;
}

function countText({ inputs, total }: TaggingState): string {
  return total === undefined ? `${inputs.length}+` : String(Math.max(total, inputs.length));
}

function placeText(input: TagInput | undefined): string {
  if (input === undefined) return '';
  return [input.facts, input.place]
    .filter((part) => part !== '')
    .map(sanitizeForTerminal)
    .join('  ');
}

/** `87 left, saved 12, unchanged 1, skipped 3, sending 2`; what is zero is left out. */
function progressText(state: TaggingState, saves: Saves): string {
  const { left, unchanged, skipped } = countProgress(state);
  const counts = [
    ['saved', saves.saved],
    ['unchanged', unchanged],
    ['skipped', skipped],
    ['sending', saves.waiting],
    ['failed', saves.failed],
  ] as const;
  const others = counts.filter(([, count]) => count > 0).map(([what, count]) => `${what} ${count}`);
  return [`${left}${state.total === undefined ? '+' : ''} left`, ...others].join(', ');
}

function newsText(state: TaggingState, saves: Saves, page: ConceptPage): string {
  if (state.notice !== undefined) return sanitizeForTerminal(noticeText(state.notice, state.list));
  if (state.search !== undefined) return 'enter takes the marked one, up and down move the mark, escape closes';
  if (saves.failure !== '') return sanitizeForTerminal(saves.failure);
  const count = state.list.length;
  if (count === 0 && current(state) !== undefined) return 'no concepts yet: press + to add one';
  if (page.end - page.first === count) return '';
  return `concepts ${page.first + 1} to ${page.end} of ${count}: / finds one by its name`;
}

function noticeText(notice: Notice, list: ConceptList): string {
  switch (notice.kind) {
    case 'skipped': {
      const { id, droppedMarks } = notice;
      return droppedMarks === 0
        ? `skipped ${id}`
        : `skipped ${id}: ${droppedMarks === 1 ? '1 tag' : `${droppedMarks} tags`} not saved; press b, then u to restore`;
    }
    case 'nothing-to-undo':
      return 'nothing to undo on this input; b goes back to the previous one';
    case 'nothing-to-repeat':
      return 'nothing to repeat: no input was tagged yet';
    case 'missing':
      return `not in the app: ${notice.ids.join(', ')}`;
    case 'changed-elsewhere':
      return `${notice.id} was changed by someone else and now has: ${formatTags(notice.tags, list)}`;
  }
}

function lastLine({ search }: TaggingState, width: number): string {
  if (search !== undefined) {
    return truncatedLeft(`${search.purpose === 'add' ? 'add' : 'find'}: ${sanitizeForTerminal(search.text)}_`, width);
  }
  return keyHints.find((hint) => hint.length <= width) ?? '? keys';
}

const keyHints = [
  '1-9 tag  / find  + add  . repeat  enter next  s skip  b back  u undo  q quit  ? keys',
  '1-9 tag  / find  + add  . repeat  enter next  s skip  u undo  ? keys  q quit',
  '1-9 / + . enter s b u q  ? keys',
];

/** Cut at its beginning, since what is typed is seen at its end. */
function truncatedLeft(text: string, width: number): string {
  let shown = text;
  while (stringWidth(shown) > width) shown = shown.slice(1);
  return shown;
}

const keyHelp = [
  ['1-9', 'present [x], absent [-], none'],
  ['space', 'the same for the selected one'],
  ['up down', 'select a concept'],
  ['/', 'find a concept by its name'],
  ['+', 'add a concept'],
  ['.', 'repeat the last changes'],
  ['enter', 'save, go on'],
  ['s', 'skip, save nothing'],
  ['b', 'save, go back'],
  ['u', 'undo the last tag'],
  ['q', 'save, quit'],
  ['?', 'close this help'],
  ['12/99+', '+: more are loading'],
] as const;

/** The list of keys, shown in place of the picture. */
export const helpLines: readonly string[] = keyHelp.map(([key, what]) => `${key.padEnd(9)}${what}`);

function searchLines(state: TaggingState, search: Search, colours: Colours, width: number): readonly string[] {
  const suggestions = suggestionsFor(state, search);
  if (suggestions.length === 0) return [state.list.length === 0 ? '' : 'no concept has this name'];
  return suggestions.map(({ concept, isNew }, index) => {
    const name = concept.name === concept.id ? concept.name : `${concept.name} (${concept.id})`;
    const text = truncate(
      `${index === search.marked ? '>' : ' '} ${sanitizeForTerminal(name)}${isNew ? '  (new)' : ''}`,
      width,
    );
    return index === search.marked ? colours.bold(text) : text;
  });
}
