import { maxRowChars } from './schema.js';

const separators = [',', ';', '\t'] as const;

/** How a table of text was saved. */
export interface Dialect {
  readonly separator: string;
  readonly lineEnds: readonly string[];
  /** True if each cell of the header is quoted, as R does: unquoted cells are not text then, and NA stands for a missing value. */
  readonly quotesAll: boolean;
  /** Lines before the header. */
  readonly skippedLines: number;
}

/** A table whose header is known, ready to be parsed. */
export interface OpenedTable {
  readonly dialect: Dialect;
  readonly chunks: AsyncIterable<string>;
}

/**
 * Tells from the header, or a line `sep=;` before it, what separates the cells and what ends the lines.
 *
 * @param countKnown - tells how many of some titles are names of fields
 */
export async function openTable(
  chunks: AsyncIterable<string>,
  countKnown: (titles: readonly string[]) => number,
): Promise<OpenedTable> {
  const reader = chunks[Symbol.asyncIterator]();
  const first = await readHead('', reader);
  const [separatorLine = '', quoted, bare] = separatorLineOf(first) ?? [];
  const head = separatorLine === '' ? first : await readHead(first.slice(separatorLine.length), reader);
  const header = head.slice(0, headerEnd(head) ?? head.length);
  return {
    dialect: {
      separator: quoted ?? bare ?? separatorOf(header, countKnown),
      lineEnds: endsInCarriageReturn(head) ? ['\r'] : ['\r\n', '\n'],
      quotesAll: isAllQuoted(header),
      skippedLines: separatorLine === '' ? 0 : 1,
    },
    chunks: remaining(head, reader),
  };
}

/** Reads on until the header has ended. */
async function readHead(start: string, reader: AsyncIterator<string>): Promise<string> {
  let head = start;
  while (headerEnd(head) === undefined && head.length < maxRowChars) {
    const next = await reader.next();
    if (next.done === true) break;
    head += next.value;
  }
  return head;
}

function separatorLineOf(text: string): readonly (string | undefined)[] | null {
  return /^(?:"sep=(.)"|sep=(.))[^\S\r\n]*?(?:\r\n|\n|\r|$)/i.exec(text);
}

function isAllQuoted(header: string): boolean {
  const cells = header.trim().replaceAll(/"(?:[^"]|"")*"/g, '""');
  return /^""(?:[,;\t]"")*$/.test(cells);
}

async function* remaining(head: string, reader: AsyncIterator<string>): AsyncGenerator<string> {
  try {
    yield head;
    for (let next = await reader.next(); next.done !== true; next = await reader.next()) yield next.value;
  } finally {
    await reader.return?.();
  }
}

/** Where the first line that is not blank ends, outside of quotes. */
function headerEnd(text: string): number | undefined {
  let isQuoted = false;
  const start = text.search(/\S/);
  if (start < 0) return undefined;
  for (let at = start; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (sign === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (sign === '\n' || sign === '\r')) return at;
  }
  return undefined;
}

function endsInCarriageReturn(text: string): boolean {
  const end = headerEnd(text);
  return end !== undefined && text.charAt(end) === '\r' && end + 1 < text.length && text.charAt(end + 1) !== '\n';
}

/** The separator that gives the most names of fields, then the one that gives the most cells. */
function separatorOf(header: string, countKnown: (titles: readonly string[]) => number): string {
  const bare = header.trim();
  const rated = separators.map((separator) => {
    const titles = splitTitles(bare, separator);
    return { separator, known: countKnown(titles), cells: titles.length };
  });
  const [best] = rated.toSorted((a, b) => b.known - a.known || b.cells - a.cells);
  return best?.separator ?? ',';
}

/** The cells of a line, quotes taken off. */
function splitTitles(line: string, separator: string): readonly string[] {
  const titles: string[] = [];
  let isQuoted = false;
  let from = 0;
  for (let at = 0; at <= line.length; at += 1) {
    if (line.charAt(at) === '"') isQuoted = !isQuoted;
    else if (at === line.length || (!isQuoted && line.charAt(at) === separator)) {
      titles.push(unquote(line.slice(from, at)));
      from = at + 1;
    }
  }
  return titles;
}

function unquote(cell: string): string {
  const text = cell.trim();
  return /^".*"$/s.test(text) ? text.slice(1, -1).replaceAll('""', '"') : text;
}
