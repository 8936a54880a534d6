import stringWidth from 'string-width';
import type { Concept } from '../../api/answers.js';
import { keyedConcepts, type ConceptList } from '../../core/tag/concepts.js';
import type { Tags } from '../../core/tag/input.js';
import { current, type TaggingState } from '../../core/tag/state.js';
import type { Colours } from '../colour.js';
import { truncate } from '../text-width.js';
import { sanitizeForTerminal } from '../text.js';

/** Lines that the list of concepts takes. */
export const listRows = 5;

/** Width of the part before a name: mark, key and state, and the gap to the next column. */
const frameWidth = '>1 [x] '.length + 2;

/** The concepts that are seen at once, by columns that are as wide as their longest name. */
export interface ConceptPage {
  readonly first: number;
  readonly end: number;
  readonly columnWidths: readonly number[];
}

/** The page that holds the marked concept. Pages follow each other, so a concept keeps its place on the screen. */
export function pageAround(list: ConceptList, marked: number, width: number): ConceptPage {
  let page = pageFrom(list, 0, width);
  while (page.end <= marked && page.end < list.length) page = pageFrom(list, page.end, width);
  return page;
}

function pageFrom(list: ConceptList, first: number, width: number): ConceptPage {
  const columnWidths: number[] = [];
  let used = 0;
  let end = first;
  while (end < list.length) {
    const names = list.slice(end, end + listRows).map(({ name }) => stringWidth(sanitizeForTerminal(name)));
    const columnWidth = Math.min(width, Math.max(...names) + frameWidth);
    if (end > first && used + columnWidth > width) break;
    columnWidths.push(columnWidth);
    used += columnWidth;
    end = Math.min(list.length, end + listRows);
  }
  return { first, end, columnWidths };
}

/** The page of concepts, with what the input on the screen has of them. */
export function conceptLines(state: TaggingState, page: ConceptPage, colours: Colours): readonly string[] {
  const tags = current(state)?.tags;
  return Array.from({ length: listRows }, (_, row) =>
    page.columnWidths
      .map((width, column) => {
        const place = page.first + column * listRows + row;
        const concept = place < page.end ? state.list[place] : undefined;
        if (concept === undefined) return ' '.repeat(width);
        return conceptCell(concept, { place, isMarked: place === state.marked, tags, width, colours });
      })
      .join(''),
  );
}

interface CellLook {
  readonly place: number;
  readonly isMarked: boolean;
  readonly tags: Tags | undefined;
  readonly width: number;
  readonly colours: Colours;
}

/** `>1 [x] dog`: the mark, the key, the state, the name. */
function conceptCell({ id, name }: Concept, { place, isMarked, tags, width, colours }: CellLook): string {
  const value = tags?.get(id);
  const key = place < keyedConcepts ? String(place + 1) : ' ';
  const box = value === undefined ? '[ ]' : value === 1 ? '[x]' : '[-]';
  const text = truncate(`${isMarked ? '>' : ' '}${key} ${box} ${sanitizeForTerminal(name)}`, width - 1);
  const bold = isMarked ? colours.bold(text) : text;
  const painted = value === undefined ? bold : value === 1 ? colours.green(bold) : colours.red(bold);
  return painted + ' '.repeat(Math.max(0, width - stringWidth(text)));
}
