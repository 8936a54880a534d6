import { globalOptions } from '../session/global-options.js';
import { commands } from './command-table.js';

type Rows = readonly (readonly [term: string, meaning: string])[];

const description = 'Add, list, stream, get, patch and remove the inputs of a Clarifai app.';

const helpHeader = `Examples:
  clarifai-inputs add ./photos -c holiday
  clarifai-inputs list --where status=failed
  clarifai-inputs --sandbox add ./photos

Usage: clarifai-inputs [options] <command> [options]

${description}
`;

/**
 * The help of the program. Written here and not by commander, which takes longer to load than everything else that a
 * start needs.
 */
export function programHelp(): string {
  const ofProgram: Rows = [
    ['-V, --version', 'print the version'],
    ['-h, --help', 'show help, for a command when given after it'],
  ];
  const sections: readonly (readonly [string, Rows])[] = [
    ['Options of every command', [...globalOptions, ...ofProgram]],
    ['Help topics', summaries(({ topic }) => topic === true)],
    // last, so that it is what remains on a small screen
    ['Commands', summaries(({ topic }) => topic !== true)],
  ];
  const width = Math.max(...sections.flatMap(([, rows]) => rows.map(([term]) => term.length)));
  return [helpHeader, ...sections.map(([heading, rows]) => sectionText(heading, rows, width))].join('\n');
}

function summaries(isListed: (entry: (typeof commands)[string]) => boolean): Rows {
  return Object.entries(commands).flatMap(([name, entry]) => (isListed(entry) ? [[name, entry.summary] as const] : []));
}

function sectionText(heading: string, rows: Rows, width: number): string {
  return `${heading}:\n${rows.map(([term, meaning]) => `  ${term.padEnd(width)}  ${meaning}\n`).join('')}`;
}
