import { rowsBelow, type CommandRow, type Value } from './table.js';

/**
 * What bash and zsh both read: functions that answer in REPLY, by the words of the command. No word in them holds a
 * blank; a kind stands before the words that are offered.
 */
export function tableFunctions(program: CommandRow): string {
  const rows = rowsBelow(program);
  const called = (path: readonly string[]): string => `'${path.join(' ')}'`;
  const options = rows.flatMap(({ path, options: all }) =>
    all.flatMap(({ flags, takes }) => {
      if (takes === undefined) return [];
      const patterns = flags.map((flag) => (path.length === 0 ? `*' ${flag}'` : called([...path, flag])));
      return [answer(patterns.join('|'), valueText(takes.value))];
    }),
  );
  const args = rows.flatMap((row) =>
    row.arguments.map(({ value, repeats }, place) =>
      answer(repeats ? `'${row.path.join(' ')} '*` : called([...row.path, String(place)]), valueText(value)),
    ),
  );
  const flags = rows.slice(1).map((row) => answer(called(row.path), flagsOf([row, program])));
  const below = rows.map((row) => answer(called(row.path), row.subcommands.map(({ path }) => path.at(-1)).join(' ')));
  return [
    table('option', '$1 $2', options),
    table('argument', '$1 $2', args),
    table('options', '$1', [...flags, answer('*', flagsOf([program]))]),
    table('subcommands', '$1', below),
  ].join('');
}

function table(name: string, subject: string, cases: readonly string[]): string {
  return `_clarifai_inputs_${name}() {\n  REPLY=''\n  case "${subject}" in\n${cases.join('')}  esac\n}\n`;
}

function answer(pattern: string, text: string): string {
  return text === '' ? '' : `    ${pattern}) REPLY='${text}' ;;\n`;
}

function valueText(value: Value): string {
  return value.kind === 'words' ? `words ${value.words.join(' ')}` : value.kind;
}

function flagsOf(rows: readonly CommandRow[]): string {
  return rows.flatMap(({ options }) => options.flatMap(({ flags }) => flags)).join(' ');
}

/** Finds the command that is typed, and what is due: in `at`, `kind` and `offers`. Works on `typed` and `current`. */
export const dueFunction = `
_clarifai_inputs_due() {
  local word skip='' count=0
  at='' kind='' offers='' prefix=''
  for word in "\${typed[@]}"; do
    if [ -n "$skip" ]; then skip=''; continue; fi
    case "$word" in
      -?*) _clarifai_inputs_option "$at" "$word"; skip=$REPLY ;;
      *)
        _clarifai_inputs_subcommands "$at"
        case " $REPLY " in
          *" $word "*) at="\${at:+$at }$word" ;;
          *) count=$((count + 1)) ;;
        esac ;;
    esac
  done
  if [ -n "$skip" ]; then
    kind=\${skip%% *} offers=$skip
  else
    case "$current" in
      --*=*)
        _clarifai_inputs_option "$at" "\${current%%=*}"
        kind=\${REPLY%% *} offers=$REPLY prefix="\${current%%=*}="
        current=\${current#*=} ;;
      -*) kind=words; _clarifai_inputs_options "$at"; offers="words $REPLY" ;;
      *)
        _clarifai_inputs_subcommands "$at"
        if [ -n "$REPLY" ]; then kind=words offers="words $REPLY"
        else _clarifai_inputs_argument "$at" "$count"; kind=\${REPLY%% *} offers=$REPLY
        fi ;;
    esac
  fi
  offers=\${offers#words}
  case "$kind $current" in
    'words concept='*) [ "\${offers#*concept=}" = "$offers" ] || { kind=concepts prefix="\${prefix}concept=" current=\${current#concept=}; } ;;
  esac
}
`;
