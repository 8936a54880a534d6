# Completion of clarifai-inputs for bash. For every new shell:
#
#   mkdir -p ~/.local/share/bash-completion/completions
#   clarifai-inputs completion bash > ~/.local/share/bash-completion/completions/clarifai-inputs
#
# or, without the package bash-completion, in ~/.bashrc: source <(clarifai-inputs completion bash)

_clarifai_inputs_option() {
  REPLY=''
  case "$1 $2" in
    *' --profile') REPLY='profiles' ;;
    *' --api-base') REPLY='text' ;;
    *' --transport') REPLY='words rest grpc' ;;
    *' --api-key-file') REPLY='files' ;;
    *' --user-id') REPLY='text' ;;
    *' --app-id') REPLY='text' ;;
    *' -o'|*' --output') REPLY='words table json ndjson csv ids' ;;
    *' --fields') REPLY='text' ;;
    *' --timeout') REPLY='text' ;;
    *' --retries') REPLY='text' ;;
    *' --rps') REPLY='text' ;;
    *' --concurrency') REPLY='text' ;;
    *' --ca-cert') REPLY='files' ;;
    'add --url-list') REPLY='files' ;;
    'add --files-from') REPLY='files' ;;
    'add --manifest') REPLY='files' ;;
    'add --map') REPLY='text' ;;
    'add --other-columns') REPLY='words ignore metadata' ;;
    'add --only') REPLY='words transient' ;;
    'add --type') REPLY='words image video audio text' ;;
    'add --shard') REPLY='text' ;;
    'add --id') REPLY='text' ;;
    'add -c'|'add --concept') REPLY='concepts' ;;
    'add --metadata') REPLY='text' ;;
    'add --meta') REPLY='text' ;;
    'add --geo') REPLY='text' ;;
    'add --dataset') REPLY='text' ;;
    'add --id-from') REPLY='words hash name path uuid server' ;;
    'add --on-conflict') REPLY='words skip fail update replace' ;;
    'add --on-failed') REPLY='words keep retry' ;;
    'add --failures') REPLY='files' ;;
    'add --wait-timeout') REPLY='text' ;;
    'add --batch-size') REPLY='text' ;;
    'add --batch-bytes') REPLY='text' ;;
    'list --page') REPLY='text' ;;
    'list --per-page') REPLY='text' ;;
    'list --limit') REPLY='text' ;;
    'list --where') REPLY='words status=ok status=pending status=failed type=image type=video type=audio type=text concept= meta. since= until= untagged=true untagged=false' ;;
    'stream --last-id') REPLY='text' ;;
    'stream --per-page') REPLY='text' ;;
    'stream --limit') REPLY='text' ;;
    'stream --where') REPLY='words status=ok status=pending status=failed type=image type=video type=audio type=text concept= meta. since= until= untagged=true untagged=false' ;;
    'get --download') REPLY='folders' ;;
    'status --job') REPLY='text' ;;
    'status --wait-timeout') REPLY='text' ;;
    'patch --where') REPLY='words status=ok status=pending status=failed type=image type=video type=audio type=text concept= meta. since= until= untagged=true untagged=false' ;;
    'patch --from') REPLY='files' ;;
    'patch --map') REPLY='text' ;;
    'patch --other-columns') REPLY='words ignore metadata' ;;
    'patch -c'|'patch --concept') REPLY='concepts' ;;
    'patch --metadata') REPLY='text' ;;
    'patch --meta') REPLY='text' ;;
    'patch --geo') REPLY='text' ;;
    'patch --remove-concept') REPLY='concepts' ;;
    'patch --remove-meta') REPLY='text' ;;
    'patch --dataset') REPLY='text' ;;
    'patch --remove-dataset') REPLY='text' ;;
    'patch --action') REPLY='words merge overwrite remove set' ;;
    'patch --undo') REPLY='files' ;;
    'rm --where') REPLY='words status=ok status=pending status=failed type=image type=video type=audio type=text concept= meta. since= until= untagged=true untagged=false' ;;
    'rm --max-delete') REPLY='text' ;;
    'rm --wait-timeout') REPLY='text' ;;
    'export --where') REPLY='words status=ok status=pending status=failed type=image type=video type=audio type=text concept= meta. since= until= untagged=true untagged=false' ;;
    'export --limit') REPLY='text' ;;
    'export --media') REPLY='words own all none' ;;
    'copy --where') REPLY='words status=ok status=pending status=failed type=image type=video type=audio type=text concept= meta. since= until= untagged=true untagged=false' ;;
    'copy --on-conflict') REPLY='words skip fail update replace' ;;
    'copy --wait-timeout') REPLY='text' ;;
    'copy --failures') REPLY='files' ;;
    'sandbox --port') REPLY='text' ;;
    'sandbox --key') REPLY='text' ;;
    'sandbox --data') REPLY='folders' ;;
    'sandbox --tls-cert') REPLY='files' ;;
    'sandbox --tls-key') REPLY='files' ;;
    'sandbox --index-ms') REPLY='text' ;;
    'sandbox --delete-ms') REPLY='text' ;;
    'sandbox --bucket') REPLY='text' ;;
    'sandbox --bucket-credentials') REPLY='text' ;;
    'sandbox --latency') REPLY='text' ;;
    'sandbox --throttle') REPLY='text' ;;
    'sandbox --fail-rate') REPLY='text' ;;
    'sandbox --outcome') REPLY='text' ;;
    'sandbox --error-rate') REPLY='text' ;;
    'sandbox --drop-rate') REPLY='text' ;;
    'sandbox --truncate-rate') REPLY='text' ;;
    'sandbox --seed') REPLY='text' ;;
  esac
}
_clarifai_inputs_argument() {
  REPLY=''
  case "$1 $2" in
    'add '*) REPLY='files' ;;
    'get '*) REPLY='text' ;;
    'status '*) REPLY='text' ;;
    'patch '*) REPLY='text' ;;
    'rm '*) REPLY='text' ;;
    'export 0') REPLY='folders' ;;
    'copy 0') REPLY='text' ;;
    'copy 1') REPLY='text' ;;
    'config set 0') REPLY='words api-key user-id app-id api-base transport timeout retries rps concurrency ca-cert' ;;
    'config set 1') REPLY='text' ;;
    'config get 0') REPLY='words api-key user-id app-id api-base transport timeout retries rps concurrency ca-cert' ;;
    'config unset 0') REPLY='words api-key user-id app-id api-base transport timeout retries rps concurrency ca-cert' ;;
    'config use 0') REPLY='profiles' ;;
    'completion 0') REPLY='words bash zsh fish powershell' ;;
    'help '*) REPLY='text' ;;
  esac
}
_clarifai_inputs_options() {
  REPLY=''
  case "$1" in
    'add') REPLY='--url-list --files-from --null --manifest --map --other-columns --only --include-failed --type --hidden --watch --shard --send-credentials --concept-from-dir --sidecars --record-path --id -c --concept --metadata --meta --geo --dataset --id-from --allow-duplicate-url --on-conflict --skip-unsupported --fail-empty --on-failed --failures --no-wait --wait-timeout --dry-run --curl --interactive --batch-size --batch-bytes -h --help --profile --api-base --transport --api-key-file --user-id --app-id --sandbox -o --output --fields --csv-bom -q --quiet -v --verbose --no-color --no-progress --no-input --timeout --retries --rps --concurrency --ca-cert --insecure-http -V --version -h --help' ;;
    'list') REPLY='--page --per-page --all --limit --where -h --help --profile --api-base --transport --api-key-file --user-id --app-id --sandbox -o --output --fields --csv-bom -q --quiet -v --verbose --no-color --no-progress --no-input --timeout --retries --rps --concurrency --ca-cert --insecure-http -V --version -h --help' ;;
    'stream') REPLY='--last-id --per-page --descending --limit --follow --where -h --help --profile --api-base --transport --api-key-file --user-id --app-id --sandbox -o --output --fields --csv-bom -q --quiet -v --verbose --no-color --no-progress --no-input --timeout --retries --rps --concurrency --ca-cert --insecure-http -V --version -h --help' ;;
    'get') REPLY='--download --preview -h --help --profile --api-base --transport --api-key-file --user-id --app-id --sandbox -o --output --fields --csv-bom -q --quiet -v --verbose --no-color --no-progress --no-input --timeout --retries --rps --concurrency --ca-cert --insecure-http -V --version -h --help' ;;
    'status') REPLY='--concepts --job --jobs --wait --wait-timeout -h --help --profile --api-base --transport --api-key-file --user-id --app-id --sandbox -o --output --fields --csv-bom -q --quiet -v --verbose --no-color --no-progress --no-input --timeout --retries --rps --concurrency --ca-cert --insecure-http -V --version -h --help' ;;
    'patch') REPLY='--where --from --map --other-columns --interactive -c --concept --metadata --meta --geo --remove-concept --remove-meta --remove-geo --dataset --remove-dataset --action --undo -y --yes --dry-run --curl -h --help --profile --api-base --transport --api-key-file --user-id --app-id --sandbox -o --output --fields --csv-bom -q --quiet -v --verbose --no-color --no-progress --no-input --timeout --retries --rps --concurrency --ca-cert --insecure-http -V --version -h --help' ;;
    'rm') REPLY='--all --where -y --yes --max-delete --dry-run --curl --wait --wait-timeout -h --help --profile --api-base --transport --api-key-file --user-id --app-id --sandbox -o --output --fields --csv-bom -q --quiet -v --verbose --no-color --no-progress --no-input --timeout --retries --rps --concurrency --ca-cert --insecure-http -V --version -h --help' ;;
    'export') REPLY='--where --limit --media -h --help --profile --api-base --transport --api-key-file --user-id --app-id --sandbox -o --output --fields --csv-bom -q --quiet -v --verbose --no-color --no-progress --no-input --timeout --retries --rps --concurrency --ca-cert --insecure-http -V --version -h --help' ;;
    'copy') REPLY='--where --include-failed --skip-datasets --on-conflict --no-wait --wait-timeout --failures --dry-run -h --help --profile --api-base --transport --api-key-file --user-id --app-id --sandbox -o --output --fields --csv-bom -q --quiet -v --verbose --no-color --no-progress --no-input --timeout --retries --rps --concurrency --ca-cert --insecure-http -V --version -h --help' ;;
    'config') REPLY='-h --help --profile --api-base --transport --api-key-file --user-id --app-id --sandbox -o --output --fields --csv-bom -q --quiet -v --verbose --no-color --no-progress --no-input --timeout --retries --rps --concurrency --ca-cert --insecure-http -V --version -h --help' ;;
    'config init') REPLY='-h --help --profile --api-base --transport --api-key-file --user-id --app-id --sandbox -o --output --fields --csv-bom -q --quiet -v --verbose --no-color --no-progress --no-input --timeout --retries --rps --concurrency --ca-cert --insecure-http -V --version -h --help' ;;
    'config set') REPLY='-h --help --profile --api-base --transport --api-key-file --user-id --app-id --sandbox -o --output --fields --csv-bom -q --quiet -v --verbose --no-color --no-progress --no-input --timeout --retries --rps --concurrency --ca-cert --insecure-http -V --version -h --help' ;;
    'config get') REPLY='-h --help --profile --api-base --transport --api-key-file --user-id --app-id --sandbox -o --output --fields --csv-bom -q --quiet -v --verbose --no-color --no-progress --no-input --timeout --retries --rps --concurrency --ca-cert --insecure-http -V --version -h --help' ;;
    'config unset') REPLY='-h --help --profile --api-base --transport --api-key-file --user-id --app-id --sandbox -o --output --fields --csv-bom -q --quiet -v --verbose --no-color --no-progress --no-input --timeout --retries --rps --concurrency --ca-cert --insecure-http -V --version -h --help' ;;
    'config list') REPLY='-h --help --profile --api-base --transport --api-key-file --user-id --app-id --sandbox -o --output --fields --csv-bom -q --quiet -v --verbose --no-color --no-progress --no-input --timeout --retries --rps --concurrency --ca-cert --insecure-http -V --version -h --help' ;;
    'config check') REPLY='-h --help --profile --api-base --transport --api-key-file --user-id --app-id --sandbox -o --output --fields --csv-bom -q --quiet -v --verbose --no-color --no-progress --no-input --timeout --retries --rps --concurrency --ca-cert --insecure-http -V --version -h --help' ;;
    'config use') REPLY='-h --help --profile --api-base --transport --api-key-file --user-id --app-id --sandbox -o --output --fields --csv-bom -q --quiet -v --verbose --no-color --no-progress --no-input --timeout --retries --rps --concurrency --ca-cert --insecure-http -V --version -h --help' ;;
    'config path') REPLY='-h --help --profile --api-base --transport --api-key-file --user-id --app-id --sandbox -o --output --fields --csv-bom -q --quiet -v --verbose --no-color --no-progress --no-input --timeout --retries --rps --concurrency --ca-cert --insecure-http -V --version -h --help' ;;
    'completion') REPLY='-h --help --profile --api-base --transport --api-key-file --user-id --app-id --sandbox -o --output --fields --csv-bom -q --quiet -v --verbose --no-color --no-progress --no-input --timeout --retries --rps --concurrency --ca-cert --insecure-http -V --version -h --help' ;;
    'sandbox') REPLY='--port --key --data --memory --tls-cert --tls-key --index-ms --delete-ms --fetch --no-delete-all --bucket --bucket-credentials --latency --throttle --fail-rate --outcome --error-rate --drop-rate --truncate-rate --seed -h --help --profile --api-base --transport --api-key-file --user-id --app-id --sandbox -o --output --fields --csv-bom -q --quiet -v --verbose --no-color --no-progress --no-input --timeout --retries --rps --concurrency --ca-cert --insecure-http -V --version -h --help' ;;
    'help') REPLY='-h --help --profile --api-base --transport --api-key-file --user-id --app-id --sandbox -o --output --fields --csv-bom -q --quiet -v --verbose --no-color --no-progress --no-input --timeout --retries --rps --concurrency --ca-cert --insecure-http -V --version -h --help' ;;
    'exit-codes') REPLY='-h --help --profile --api-base --transport --api-key-file --user-id --app-id --sandbox -o --output --fields --csv-bom -q --quiet -v --verbose --no-color --no-progress --no-input --timeout --retries --rps --concurrency --ca-cert --insecure-http -V --version -h --help' ;;
    'environment') REPLY='-h --help --profile --api-base --transport --api-key-file --user-id --app-id --sandbox -o --output --fields --csv-bom -q --quiet -v --verbose --no-color --no-progress --no-input --timeout --retries --rps --concurrency --ca-cert --insecure-http -V --version -h --help' ;;
    'records') REPLY='-h --help --profile --api-base --transport --api-key-file --user-id --app-id --sandbox -o --output --fields --csv-bom -q --quiet -v --verbose --no-color --no-progress --no-input --timeout --retries --rps --concurrency --ca-cert --insecure-http -V --version -h --help' ;;
    *) REPLY='--profile --api-base --transport --api-key-file --user-id --app-id --sandbox -o --output --fields --csv-bom -q --quiet -v --verbose --no-color --no-progress --no-input --timeout --retries --rps --concurrency --ca-cert --insecure-http -V --version -h --help' ;;
  esac
}
_clarifai_inputs_subcommands() {
  REPLY=''
  case "$1" in
    '') REPLY='add list stream get status patch rm export copy config completion sandbox help exit-codes environment records' ;;
    'config') REPLY='init set get unset list check use path' ;;
  esac
}

_clarifai_inputs_due() {
  local word skip='' count=0
  at='' kind='' offers='' prefix=''
  for word in "${typed[@]}"; do
    if [ -n "$skip" ]; then skip=''; continue; fi
    case "$word" in
      -?*) _clarifai_inputs_option "$at" "$word"; skip=$REPLY ;;
      *)
        _clarifai_inputs_subcommands "$at"
        case " $REPLY " in
          *" $word "*) at="${at:+$at }$word" ;;
          *) count=$((count + 1)) ;;
        esac ;;
    esac
  done
  if [ -n "$skip" ]; then
    kind=${skip%% *} offers=$skip
  else
    case "$current" in
      --*=*)
        _clarifai_inputs_option "$at" "${current%%=*}"
        kind=${REPLY%% *} offers=$REPLY prefix="${current%%=*}="
        current=${current#*=} ;;
      -*) kind=words; _clarifai_inputs_options "$at"; offers="words $REPLY" ;;
      *)
        _clarifai_inputs_subcommands "$at"
        if [ -n "$REPLY" ]; then kind=words offers="words $REPLY"
        else _clarifai_inputs_argument "$at" "$count"; kind=${REPLY%% *} offers=$REPLY
        fi ;;
    esac
  fi
  offers=${offers#words}
  case "$kind $current" in
    'words concept='*) [ "${offers#*concept=}" = "$offers" ] || { kind=concepts prefix="${prefix}concept=" current=${current#concept=}; } ;;
  esac
}

_clarifai_inputs() {
  local at kind offers prefix current REPLY word glued='' i quote='' line
  local -a typed=() all=()
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [ -n "$glued" ] || { [ ${#all[@]} -gt 0 ] && [[ $word == [=:]* ]]; }; then
      all[${#all[@]} - 1]+=$word
    else
      all+=("$word")
    fi
    case "$word" in *[=:]) glued=yes ;; *) glued='' ;; esac
  done
  # a blank ends a word, also one that ends in = or :
  [ "$2" = '' ] && [ -n "$glued" ] && [ "${COMP_LINE:COMP_POINT - 1:1}" = ' ' ] && all+=('')
  current=${all[${#all[@]} - 1]}
  typed=("${all[@]:0:${#all[@]} - 1}")
  local kept=''
  [[ $current == *"$2" ]] && kept=${current:0:${#current} - ${#2}}
  case "$current" in
    [\"\']*) quote=${current:0:1} current=${current:1} kept=${kept#?} ;;
    *) current=${current//\\/} kept=${kept//\\/} ;;
  esac
  _clarifai_inputs_due
  COMPREPLY=()
  case "$kind" in
    files) compopt -o filenames 2>/dev/null; while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current"); return ;;
    folders) compopt -o filenames 2>/dev/null; while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$current"); return ;;
    profiles | concepts) offers=$(clarifai-inputs __complete "$kind" "${typed[@]}" 2>/dev/null) ;;
    words) offers=${offers# }; offers=${offers// /$'\n'} ;;
    *) return ;;
  esac
  while IFS= read -r line; do
    [[ -n $line && $line == "$current"* ]] || continue
    case "$line" in *[=.]) [ "$kind" = words ] && compopt -o nospace 2>/dev/null ;; esac
    line=$prefix$line
    line=${line#"$kept"}
    if [ -z "$quote" ] && [ "$kind" != words ]; then printf -v line %q "$line"; fi
    COMPREPLY+=("$line")
  done <<< "$offers"
}
complete -F _clarifai_inputs clarifai-inputs
