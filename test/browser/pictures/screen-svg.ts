const cell = { width: 8.4, height: 17 };
const margin = 12;
const ink = '#d8dee4';
const paper = '#14181d';

/** The first sixteen colours of a terminal, in their order. */
const named = (
  '#14181d #e06c75 #7ec77b #e0b060 #61afef #c678dd #56b6c2 #d8dee4 ' +
  '#6b7580 #ff8a93 #98e095 #ffd080 #8cc8ff #e09af0 #7fd6e2 #ffffff'
).split(' ');

interface Style {
  readonly front: string;
  readonly back: string | undefined;
  readonly bold: boolean;
  readonly dim: boolean;
}

interface Run extends Style {
  readonly column: number;
  text: string;
}

const bare: Style = { front: ink, back: undefined, bold: false, dim: false };

/** Draws what a terminal shows: lines with SGR sequences, as `tmux capture-pane -e` gives them. */
export function screenSvg(lines: readonly string[], columns: number): string {
  const width = columns * cell.width + 2 * margin;
  const height = lines.length * cell.height + 2 * margin;
  let style = bare;
  const body = lines.flatMap((line, row) => {
    const runs: Run[] = [];
    style = readLine(line, style, runs);
    return runs.map((run) => drawnRun(run, margin + row * cell.height));
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${round(height)}" ` +
    `font-family="ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14" shape-rendering="crispEdges">\n` +
    `<rect width="100%" height="100%" rx="8" fill="${paper}"/>\n${body.join('')}</svg>\n`
  );
}

// eslint-disable-next-line no-control-regex -- it is what a terminal is sent
const colourChange = /\u001b\[([\d;]*)m/;

function readLine(line: string, start: Style, runs: Run[]): Style {
  let style = start;
  let column = 0;
  for (const [index, part] of line.split(colourChange).entries()) {
    // every other part is the codes of a change
    if (index % 2 === 1) style = restyled(style, part.split(';').map(Number));
    else if (part !== '') {
      runs.push({ ...style, column, text: part });
      column += part.length;
    }
  }
  return style;
}

function restyled(style: Style, codes: number[]): Style {
  let changed = style;
  for (let code = codes.shift(); code !== undefined; code = codes.shift()) {
    if (code === 0) changed = bare;
    else if (code === 1) changed = { ...changed, bold: true };
    else if (code === 2) changed = { ...changed, dim: true };
    else if (code === 22) changed = { ...changed, bold: false, dim: false };
    else if (code === 38) changed = { ...changed, front: trueColour(codes) };
    else if (code === 48) changed = { ...changed, back: trueColour(codes) };
    else if (code === 39) changed = { ...changed, front: ink };
    else if (code === 49) changed = { ...changed, back: undefined };
    else if (code >= 30 && code <= 37) changed = { ...changed, front: named[code - 30] ?? ink };
    else if (code >= 90 && code <= 97) changed = { ...changed, front: named[code - 82] ?? ink };
  }
  return changed;
}

/** `2;R;G;B`, taken off the codes. */
function trueColour(codes: number[]): string {
  const [, ...parts] = codes.splice(0, 4);
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

function drawnRun({ column, text, front, back, bold, dim }: Run, y: number): string {
  const x = margin + column * cell.width;
  const rect = (top: number, height: number, fill: string): string =>
    `<rect x="${round(x)}" y="${round(top)}" width="${round(text.length * cell.width)}" height="${round(height)}" fill="${fill}"/>\n`;
  if (/^▀+$/.test(text)) {
    return (
      rect(y, cell.height / 2, front) + (back === undefined ? '' : rect(y + cell.height / 2, cell.height / 2, back))
    );
  }
  if (text.trim() === '') return '';
  const style = `fill="${front}"${bold ? ' font-weight="bold"' : ''}${dim ? ' opacity="0.65"' : ''}`;
  const spaced = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll(' ', '\u00a0');
  return `<text x="${round(x)}" y="${round(y + 13)}" textLength="${round(text.length * cell.width)}" ${style}>${spaced}</text>\n`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
