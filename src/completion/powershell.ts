import { rowsBelow, type CommandRow, type Value } from './table.js';

/** The script for PowerShell, from 5 on. */
export function powershellScript(program: CommandRow): string {
  const rows = rowsBelow(program);
  const options = rows.flatMap((row) =>
    row.options.flatMap(({ flags, takes }) => flags.map((flag) => [row, flag, takes] as const)),
  );
  return [
    head,
    hash(
      'values',
      options.flatMap(([{ path }, flag, takes]) =>
        takes === undefined ? [] : [[[...path, flag].join(' '), valueText(takes.value)]],
      ),
    ),
    hash(
      'arguments',
      rows.flatMap(({ path, arguments: [first] }) =>
        first === undefined ? [] : [[path.join(' '), valueText(first.value)]],
      ),
    ),
    hash(
      'flags',
      rows.map(({ path, options: own }) => [path.join(' '), own.flatMap(({ flags }) => flags).join(' ')]),
    ),
    hash(
      'commands',
      rows.map(({ path, subcommands }) => [path.join(' '), subcommands.map((row) => row.path.at(-1) ?? '').join(' ')]),
    ),
    driver,
  ].join('\n');
}

const head = `# Completion of clarifai-inputs for PowerShell. For every new shell, add to $PROFILE:
#
#   clarifai-inputs completion powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName clarifai-inputs -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)`;

function hash(name: string, entries: readonly (readonly string[])[]): string {
  const lines = entries.map(([key = '', value = '']) => `    '${key}' = '${value}'`);
  return `  $${name} = @{\n${lines.join('\n')}\n  }`;
}

function valueText(value: Value): string {
  return value.kind === 'words' ? value.words.join(' ') : `<${value.kind}>`;
}

const driver = `  $typed = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
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
    $text = if ($_ -match '[\\s''"\`$;&|(){}]') { "'" + $_.Replace("'", "''") + "'" } else { $_ }
    [System.Management.Automation.CompletionResult]::new($text, $_, 'ParameterValue', $_)
  }
}
`;
