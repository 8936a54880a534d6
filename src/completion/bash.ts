import { dueFunction, tableFunctions } from './posix.js';
import type { CommandRow } from './table.js';

/** The script for bash, from 3.2 on, which macOS has. */
export function bashScript(program: CommandRow): string {
  return head + tableFunctions(program) + dueFunction + driver;
}

const head = `# Completion of clarifai-inputs for bash. For every new shell:
#
#   mkdir -p ~/.local/share/bash-completion/completions
#   clarifai-inputs completion bash > ~/.local/share/bash-completion/completions/clarifai-inputs
#
# or, without the package bash-completion, in ~/.bashrc: source <(clarifai-inputs completion bash)

`;

// bash takes words apart at = and :, and replaces only what follows the last of them: the rest has to be left out of
// each answer
const driver = `
_clarifai_inputs() {
  local at kind offers prefix current REPLY word glued='' i quote='' line
  local -a typed=() all=()
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [ -n "$glued" ] || { [ \${#all[@]} -gt 0 ] && [[ $word == [=:]* ]]; }; then
      all[\${#all[@]} - 1]+=$word
    else
      all+=("$word")
    fi
    case "$word" in *[=:]) glued=yes ;; *) glued='' ;; esac
  done
  # a blank ends a word, also one that ends in = or :
  [ "$2" = '' ] && [ -n "$glued" ] && [ "\${COMP_LINE:COMP_POINT - 1:1}" = ' ' ] && all+=('')
  current=\${all[\${#all[@]} - 1]}
  typed=("\${all[@]:0:\${#all[@]} - 1}")
  local kept=''
  [[ $current == *"$2" ]] && kept=\${current:0:\${#current} - \${#2}}
  case "$current" in
    [\\"\\']*) quote=\${current:0:1} current=\${current:1} kept=\${kept#?} ;;
    *) current=\${current//\\\\/} kept=\${kept//\\\\/} ;;
  esac
  _clarifai_inputs_due
  COMPREPLY=()
  case "$kind" in
    files) compopt -o filenames 2>/dev/null; while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current"); return ;;
    folders) compopt -o filenames 2>/dev/null; while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$current"); return ;;
    profiles | concepts) offers=$(clarifai-inputs __complete "$kind" "\${typed[@]}" 2>/dev/null) ;;
    words) offers=\${offers# }; offers=\${offers// /$'\\n'} ;;
    *) return ;;
  esac
  while IFS= read -r line; do
    [[ -n $line && $line == "$current"* ]] || continue
    case "$line" in *[=.]) [ "$kind" = words ] && compopt -o nospace 2>/dev/null ;; esac
    line=$prefix$line
    line=\${line#"$kept"}
    if [ -z "$quote" ] && [ "$kind" != words ]; then printf -v line %q "$line"; fi
    COMPREPLY+=("$line")
  done <<< "$offers"
}
complete -F _clarifai_inputs clarifai-inputs
`;
