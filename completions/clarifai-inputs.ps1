# Completion of clarifai-inputs for PowerShell. For every new shell, add to $PROFILE:
#
#   clarifai-inputs completion powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName clarifai-inputs -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $values = @{
    '--profile' = '<profiles>'
    '--api-base' = '<text>'
    '--transport' = 'rest grpc'
    '--api-key-file' = '<files>'
    '--user-id' = '<text>'
    '--app-id' = '<text>'
    '-o' = 'table json ndjson csv ids'
    '--output' = 'table json ndjson csv ids'
    '--fields' = '<text>'
    '--timeout' = '<text>'
    '--retries' = '<text>'
    '--rps' = '<text>'
    '--concurrency' = '<text>'
    '--ca-cert' = '<files>'
    'add --url-list' = '<files>'
    'add --files-from' = '<files>'
    'add --manifest' = '<files>'
    'add --map' = '<text>'
    'add --other-columns' = 'ignore metadata'
    'add --only' = 'transient'
    'add --type' = 'image video audio text'
    'add --shard' = '<text>'
    'add --id' = '<text>'
    'add -c' = '<concepts>'
    'add --concept' = '<concepts>'
    'add --metadata' = '<text>'
    'add --meta' = '<text>'
    'add --geo' = '<text>'
    'add --dataset' = '<text>'
    'add --id-from' = 'hash name path uuid server'
    'add --on-conflict' = 'skip fail update replace'
    'add --on-failed' = 'keep retry'
    'add --failures' = '<files>'
    'add --wait-timeout' = '<text>'
    'add --batch-size' = '<text>'
    'add --batch-bytes' = '<text>'
    'list --page' = '<text>'
    'list --per-page' = '<text>'
    'list --limit' = '<text>'
    'list --where' = 'status=ok status=pending status=failed type=image type=video type=audio type=text concept= meta. since= until= untagged=true untagged=false'
    'stream --last-id' = '<text>'
    'stream --per-page' = '<text>'
    'stream --limit' = '<text>'
    'stream --where' = 'status=ok status=pending status=failed type=image type=video type=audio type=text concept= meta. since= until= untagged=true untagged=false'
    'get --download' = '<folders>'
    'status --job' = '<text>'
    'status --wait-timeout' = '<text>'
    'patch --where' = 'status=ok status=pending status=failed type=image type=video type=audio type=text concept= meta. since= until= untagged=true untagged=false'
    'patch --from' = '<files>'
    'patch --map' = '<text>'
    'patch --other-columns' = 'ignore metadata'
    'patch -c' = '<concepts>'
    'patch --concept' = '<concepts>'
    'patch --metadata' = '<text>'
    'patch --meta' = '<text>'
    'patch --geo' = '<text>'
    'patch --remove-concept' = '<concepts>'
    'patch --remove-meta' = '<text>'
    'patch --dataset' = '<text>'
    'patch --remove-dataset' = '<text>'
    'patch --action' = 'merge overwrite remove set'
    'patch --undo' = '<files>'
    'rm --where' = 'status=ok status=pending status=failed type=image type=video type=audio type=text concept= meta. since= until= untagged=true untagged=false'
    'rm --max-delete' = '<text>'
    'rm --wait-timeout' = '<text>'
    'export --where' = 'status=ok status=pending status=failed type=image type=video type=audio type=text concept= meta. since= until= untagged=true untagged=false'
    'export --limit' = '<text>'
    'export --media' = 'own all none'
    'copy --where' = 'status=ok status=pending status=failed type=image type=video type=audio type=text concept= meta. since= until= untagged=true untagged=false'
    'copy --on-conflict' = 'skip fail update replace'
    'copy --wait-timeout' = '<text>'
    'copy --failures' = '<files>'
    'sandbox --port' = '<text>'
    'sandbox --key' = '<text>'
    'sandbox --data' = '<folders>'
    'sandbox --tls-cert' = '<files>'
    'sandbox --tls-key' = '<files>'
    'sandbox --index-ms' = '<text>'
    'sandbox --delete-ms' = '<text>'
    'sandbox --bucket' = '<text>'
    'sandbox --bucket-credentials' = '<text>'
    'sandbox --latency' = '<text>'
    'sandbox --throttle' = '<text>'
    'sandbox --fail-rate' = '<text>'
    'sandbox --outcome' = '<text>'
    'sandbox --error-rate' = '<text>'
    'sandbox --drop-rate' = '<text>'
    'sandbox --truncate-rate' = '<text>'
    'sandbox --seed' = '<text>'
  }
  $arguments = @{
    'add' = '<files>'
    'get' = '<text>'
    'status' = '<text>'
    'patch' = '<text>'
    'rm' = '<text>'
    'export' = '<folders>'
    'copy' = '<text>'
    'config set' = 'api-key user-id app-id api-base transport timeout retries rps concurrency ca-cert'
    'config get' = 'api-key user-id app-id api-base transport timeout retries rps concurrency ca-cert'
    'config unset' = 'api-key user-id app-id api-base transport timeout retries rps concurrency ca-cert'
    'config use' = '<profiles>'
    'completion' = 'bash zsh fish powershell'
    'help' = '<text>'
  }
  $flags = @{
    '' = '--profile --api-base --transport --api-key-file --user-id --app-id --sandbox -o --output --fields --csv-bom -q --quiet -v --verbose --no-color --no-progress --no-input --timeout --retries --rps --concurrency --ca-cert --insecure-http -V --version -h --help'
    'add' = '--url-list --files-from --null --manifest --map --other-columns --only --include-failed --type --hidden --watch --shard --send-credentials --concept-from-dir --sidecars --record-path --id -c --concept --metadata --meta --geo --dataset --id-from --allow-duplicate-url --on-conflict --skip-unsupported --fail-empty --on-failed --failures --no-wait --wait-timeout --dry-run --curl --interactive --batch-size --batch-bytes -h --help'
    'list' = '--page --per-page --all --limit --where -h --help'
    'stream' = '--last-id --per-page --descending --limit --follow --where -h --help'
    'get' = '--download --preview -h --help'
    'status' = '--concepts --job --jobs --wait --wait-timeout -h --help'
    'patch' = '--where --from --map --other-columns --interactive -c --concept --metadata --meta --geo --remove-concept --remove-meta --remove-geo --dataset --remove-dataset --action --undo -y --yes --dry-run --curl -h --help'
    'rm' = '--all --where -y --yes --max-delete --dry-run --curl --wait --wait-timeout -h --help'
    'export' = '--where --limit --media -h --help'
    'copy' = '--where --include-failed --skip-datasets --on-conflict --no-wait --wait-timeout --failures --dry-run -h --help'
    'config' = '-h --help'
    'config init' = '-h --help'
    'config set' = '-h --help'
    'config get' = '-h --help'
    'config unset' = '-h --help'
    'config list' = '-h --help'
    'config check' = '-h --help'
    'config use' = '-h --help'
    'config path' = '-h --help'
    'completion' = '-h --help'
    'sandbox' = '--port --key --data --memory --tls-cert --tls-key --index-ms --delete-ms --fetch --no-delete-all --bucket --bucket-credentials --latency --throttle --fail-rate --outcome --error-rate --drop-rate --truncate-rate --seed -h --help'
    'help' = '-h --help'
    'exit-codes' = '-h --help'
    'environment' = '-h --help'
    'records' = '-h --help'
  }
  $commands = @{
    '' = 'add list stream get status patch rm export copy config completion sandbox help exit-codes environment records'
    'add' = ''
    'list' = ''
    'stream' = ''
    'get' = ''
    'status' = ''
    'patch' = ''
    'rm' = ''
    'export' = ''
    'copy' = ''
    'config' = 'init set get unset list check use path'
    'config init' = ''
    'config set' = ''
    'config get' = ''
    'config unset' = ''
    'config list' = ''
    'config check' = ''
    'config use' = ''
    'config path' = ''
    'completion' = ''
    'sandbox' = ''
    'help' = ''
    'exit-codes' = ''
    'environment' = ''
    'records' = ''
  }
  $typed = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($wordToComplete -ne '' -and $typed.Count -gt 0) { $typed = @($typed | Select-Object -SkipLast 1) }
  $path = ''
  $due = ''
  foreach ($word in $typed) {
    if ($due -ne '') { $due = ''; continue }
    if ($word.StartsWith('-')) {
      $due = $values["$path $word".Trim()]
      if (-not $due) { $due = $values[$word] }
      if (-not $due) { $due = '' }
    } elseif ($commands[$path] -and ($commands[$path] -split ' ') -contains $word) {
      $path = "$path $word".Trim()
    }
  }
  if ($due -eq '') {
    if ($wordToComplete.StartsWith('-')) { $due = "$($flags[$path]) $($flags[''])" }
    elseif ($commands[$path]) { $due = $commands[$path] }
    else { $due = $arguments[$path] }
  }
  $offers = switch -Regex ($due) {
    '^<(profiles|concepts)>$' { clarifai-inputs __complete $Matches[1] @typed 2>$null; break }
    '^<' { return }
    default { $due -split ' ' }
  }
  $offers | Where-Object { $_ -and $_.StartsWith($wordToComplete) } | ForEach-Object {
    $text = if ($_ -match '[\s''"`$;&|(){}]') { "'" + $_.Replace("'", "''") + "'" } else { $_ }
    [System.Management.Automation.CompletionResult]::new($text, $_, 'ParameterValue', $_)
  }
}
