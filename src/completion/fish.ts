import { rowsBelow, type CommandRow, type Value } from './table.js';

/** The script for fish. */
export function fishScript(program: CommandRow): string {
  const names = program.subcommands.map(({ path }) => path.at(-1) ?? '');
  const lines = rowsBelow(program).flatMap((row) => {
    const where = conditionOf(row, names);
    return [
      ...row.subcommands.map(({ path, summary }) => line(where, `-f -a ${path.at(-1) ?? ''}`, summary)),
      ...row.options.map(({ flags, takes, description }) => {
        const spelled = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
        const at = row.path.length === 0 ? undefined : where;
        return line(at, [...spelled, ...valueOf(takes?.value)].join(' '), description);
      }),
      ...row.arguments.map(({ value }) => line(where, argumentOf(value), '')),
    ];
  });
  return `${head}${lines.join('')}`;
}

const head = `# Completion of clarifai-inputs for fish. For every new shell:
#
#   clarifai-inputs completion fish > ~/.config/fish/completions/clarifai-inputs.fish

function __clarifai_inputs_names
    set -l words (commandline -opc)
    clarifai-inputs __complete $argv[1] $words[2..] 2>/dev/null
end

function __clarifai_inputs_where
    printf '%s\\n' $argv
    if string match -q -r '(^|=)concept=' -- (commandline -ct)
        __clarifai_inputs_names concepts | string replace -r '^' 'concept='
    end
end

complete -c clarifai-inputs -f
`;

/** True at the place where a command's own words are due. */
function conditionOf({ path, subcommands }: CommandRow, names: readonly string[]): string {
  const [command, ...rest] = path;
  if (command === undefined) return `not __fish_seen_subcommand_from ${names.join(' ')}`;
  const seen = [command, ...rest].map((word) => `__fish_seen_subcommand_from ${word}`);
  const below = subcommands.map((row) => row.path.at(-1) ?? '').join(' ');
  return [...seen, ...(below === '' ? [] : [`not __fish_seen_subcommand_from ${below}`])].join('; and ');
}

function line(where: string | undefined, what: string, description: string): string {
  const condition = where === undefined ? '' : ` -n ${quoted(where)}`;
  const told = description === '' ? '' : ` -d ${quoted(description)}`;
  return `complete -c clarifai-inputs${condition} ${what}${told}\n`;
}

function valueOf(value: Value | undefined): readonly string[] {
  if (value === undefined) return [];
  return value.kind === 'files' || value.kind === 'folders' ? ['-r -F'] : ['-x', ...offering(value)];
}

function argumentOf(value: Value): string {
  return value.kind === 'files' || value.kind === 'folders' ? '-F' : ['-f', ...offering(value)].join(' ');
}

function offering(value: Value): readonly string[] {
  if (value.kind === 'profiles' || value.kind === 'concepts') return [`-a '(__clarifai_inputs_names ${value.kind})'`];
  if (value.kind !== 'words') return [];
  const goesOn = value.words.includes('concept=');
  return [goesOn ? `-a '(__clarifai_inputs_where ${value.words.join(' ')})'` : `-a '${value.words.join(' ')}'`];
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
