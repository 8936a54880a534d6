import { dueFunction, tableFunctions } from './posix.js';
import type { CommandRow } from './table.js';

/** The script for zsh: a function of its own name, for a folder of fpath. */
export function zshScript(program: CommandRow): string {
  return head + tableFunctions(program) + dueFunction + driver;
}

const head = `#compdef clarifai-inputs
# Completion of clarifai-inputs for zsh. For every new shell:
#
#   mkdir -p ~/.zsh/completions
#   clarifai-inputs completion zsh > ~/.zsh/completions/_clarifai-inputs
#
# and in ~/.zshrc, before compinit: fpath=(~/.zsh/completions $fpath)

`;

const driver = `
_clarifai_inputs() {
  local at kind offers prefix current REPLY
  local -a typed all
  typed=("\${(@Q)words[2,CURRENT-1]}")
  current=\${(Q)PREFIX}
  _clarifai_inputs_due
  [[ -n $prefix ]] && compset -P "\${(b)prefix}"
  case $kind in
    files) _files ;;
    folders) _files -/ ;;
    profiles|concepts)
      all=("\${(@f)$(clarifai-inputs __complete $kind "\${typed[@]}" 2>/dev/null)}")
      [[ -n $all[1] ]] && compadd -a all ;;
    words)
      all=(\${=offers})
      compadd -S '' -- \${(M)all:#*[=.]}
      compadd -- \${all:#*[=.]} ;;
  esac
}
if [[ $funcstack[1] = _clarifai-inputs ]]; then _clarifai_inputs "$@"; else compdef _clarifai_inputs clarifai-inputs; fi
`;
