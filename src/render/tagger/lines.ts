import stringWidth from 'string-width';
import { keyedConcepts, offered } from '../../core/tag/concepts.js';
import type { TagInput } from '../../core/tag/input.js';
import { current, type Search, type Tagging } from '../../core/tag/state.js';
import type { Colours } from '../colour.js';
import { truncated } from '../text-width.js';
import { plain } from '../text.js';

/** Lines of the list of concepts. */
const listRows = 5;
/** The head, the place, the list, the news, the keys: always as many, so that nothing jumps. */
export const promptRows = listRows + 4;

/** How the saving stands. */
export interface Saves {
  readonly waiting: number;
  readonly saved: number;
  readonly failed: number;
  /** What is wrong, in a line; '' for nothing. */
  readonly news: string;
}

export interface Look {
  readonly columns: number;
  readonly colours: Colours;
  readonly saves: Saves;
}

/** What a tagger shows below the picture, `promptRows` lines. */
export function taggerLines(state: Tagging, look: Look): readonly string[] {
  const width = look.columns - 1;
  return [
    headLine(state, look, width),
    look.colours.dim(truncated(placeOf(current(state)?.input), width)),
    ...filled(middleLines(state, look, width)),
    truncated(newsOf(state, look.saves, perPage(width)), width),
    lastLine(state, width),
  ];
}

function headLine(state: Tagging, { colours, saves }: Look, width: number): string {
  const { at, sheets, ended } = state;
  const sheet = current(state);
  const count = `${sheets.length}${ended ? '' : '+'}`;
  const where = sheet === undefined ? count : `${at + 1}/${count}  ${plain(sheet.input.id)}`;
  const figures = [
    saves.waiting > 0 ? `saving ${saves.waiting}` : '',
    saves.saved > 0 ? `saved ${saves.saved}` : '',
    saves.failed > 0 ? `failed ${saves.failed}` : '',
  ]
    .filter((figure) => figure !== '')
    .join(', ');
  const left = truncated(where, Math.max(10, width - figures.length - 2));
  const gap = ' '.repeat(Math.max(2, width - stringWidth(left) - figures.length));
  return colours.bold(left) + gap + (saves.failed > 0 ? colours.red(figures) : colours.dim(figures));
}

function placeOf(input: TagInput | undefined): string {
  if (input === undefined) return '';
  return [input.facts, input.place]
    .filter((part) => part !== '')
    .map(plain)
    .join('  ');
}

function newsOf(state: Tagging, saves: Saves, page: number): string {
  const count = state.list.concepts.length;
  if (current(state) === undefined) {
    return state.ended ? 'that was the last one: enter ends, b goes back' : 'reading more inputs…';
  }
  if (state.search !== undefined) return 'enter takes the marked one, up and down move the mark, escape leaves it';
  if (saves.news !== '') return plain(saves.news);
  if (count === 0) return 'no concepts yet: + adds one';
  if (count <= page) return '';
  const first = Math.floor(state.marked / page) * page;
  return `concepts ${first + 1} to ${Math.min(count, first + page)} of ${count}: + finds one by its name`;
}

function lastLine({ search }: Tagging, width: number): string {
  if (search !== undefined) return truncatedLeft(`concept: ${plain(search.text)}_`, width);
  const hints = ['1-9 turn  + add  enter next  s skip  b back  u undo  ? keys  q quit', '1-9 + enter s b u q  ? keys'];
  return hints.find((hint) => hint.length <= width) ?? '? keys';
}

/** What is typed is seen at its end. */
function truncatedLeft(text: string, width: number): string {
  let shown = text;
  while (stringWidth(shown) > width) shown = shown.slice(1);
  return shown;
}

function middleLines(state: Tagging, look: Look, width: number): readonly string[] {
  if (state.showsKeys) return keyLines(width);
  return state.search === undefined ? listLines(state, look, width) : searchLines(state, state.search, look, width);
}

const keyHelp = [
  ['1-9', 'turn a concept'],
  ['space', 'turn the marked one'],
  ['up down', 'move the mark'],
  ['+', 'add a concept'],
  ['enter', 'save, next'],
  ['s', 'skip, unsaved'],
  ['b', 'back'],
  ['u', 'undo'],
  ['q', 'save, quit'],
  ['[x] [-]', 'present, absent'],
] as const;

function keyLines(width: number): readonly string[] {
  const cells = keyHelp.map(([key, what]) => `${key.padEnd(8)}${what}`);
  const half = Math.floor(width / 2);
  return Array.from({ length: listRows }, (_, row) =>
    [cells[row], cells[row + listRows]]
      .map((cell = '') => truncated(cell, half - 1).padEnd(half))
      .join('')
      .trimEnd(),
  );
}

function searchLines(state: Tagging, search: Search, { colours }: Look, width: number): readonly string[] {
  return offered(state.list, search.text).map(({ concept, isNew }, index) => {
    const name = concept.name === concept.id ? concept.name : `${concept.name} (${concept.id})`;
    const text = truncated(`${index === search.marked ? '>' : ' '} ${plain(name)}${isNew ? '  (new)' : ''}`, width);
    return index === search.marked ? colours.bold(text) : text;
  });
}

function columnsIn(width: number): number {
  return Math.max(1, Math.min(4, Math.floor(width / 19)));
}

function perPage(width: number): number {
  return columnsIn(width) * listRows;
}

/** Concepts by columns, the page that holds the marked one. */
function listLines(state: Tagging, { colours }: Look, width: number): readonly string[] {
  const columns = columnsIn(width);
  const cellWidth = Math.floor(width / columns);
  const first = Math.floor(state.marked / perPage(width)) * perPage(width);
  const cell = (place: number): string => conceptCell(state, place, { colours, width: cellWidth });
  return Array.from({ length: listRows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => cell(first + column * listRows + row)).join(''),
  );
}

/** `>1 [x] dog`: the mark, the key, the state, the name. */
function conceptCell(
  state: Tagging,
  place: number,
  { colours, width }: { readonly colours: Colours; readonly width: number },
): string {
  const concept = state.list.concepts[place];
  if (concept === undefined) return ' '.repeat(width);
  const value = current(state)?.tags.get(concept.id);
  const key = place < keyedConcepts ? String(place + 1) : ' ';
  const box = value === undefined ? '[ ]' : value === 1 ? '[x]' : '[-]';
  const isMarked = place === state.marked;
  const text = truncated(`${isMarked ? '>' : ' '}${key} ${box} ${plain(concept.name)}`, width - 1);
  const bold = isMarked ? colours.bold(text) : text;
  const painted = value === undefined ? bold : value === 1 ? colours.green(bold) : colours.red(bold);
  return painted + ' '.repeat(Math.max(0, width - stringWidth(text)));
}

function filled(lines: readonly string[]): readonly string[] {
  return Array.from({ length: listRows }, (_, row) => lines[row] ?? '');
}
