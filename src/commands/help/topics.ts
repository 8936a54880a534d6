import type { Command } from '@commander-js/extra-typings';
import { profileVariable, variables } from '../../core/settings/settings.js';
import type { ExitCode } from '../../errors.js';

type Rows = readonly (readonly [term: string, meaning: string])[];

const meanings: Readonly<Record<ExitCode, string>> = {
  0: 'success',
  1: 'local error (disk full, file not writable), or a bug',
  2: 'usage error; nothing was sent',
  3: 'some or all inputs failed, each one is named; or the service refused the request',
  4: 'authentication or account error: key missing, refused or without the scope; no such app; quota exceeded',
  5: 'timed out while waiting; resume with the printed command',
  6: 'service unreachable or overloaded after all retries; try again later',
  130: 'interrupted, or declined at a prompt; the summary says how to resume',
  143: 'terminated (SIGTERM)',
};

/** Declares the topic `exit-codes`. */
export function declareExitCodes(command: Command): void {
  declareTopic(command, 'Exit codes. If several apply, the most severe one is returned.', [
    ...Object.entries(meanings),
  ]);
}

/** Declares the topic `environment`. */
export function declareEnvironment(command: Command): void {
  const settings = Object.entries(variables).map(
    ([name, [first, ...others]]) =>
      [[first, ...others].join(', '), name === 'api-key' ? 'API key; the first one set is used' : `--${name}`] as const,
  );
  declareTopic(
    command,
    'Options override variables, and variables override the saved profile. Empty variables are ignored.',
    [
      ...settings,
      [profileVariable, '--profile'],
      ['HTTPS_PROXY, HTTP_PROXY', 'proxy for requests'],
      ['NO_PROXY', 'hosts to reach without a proxy'],
      ['NODE_EXTRA_CA_CERTS', 'file with additional certificate authorities, as --ca-cert'],
      ['AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY', 'what add --send-credentials sends'],
      ['AWS_SESSION_TOKEN, AWS_REGION', 'the same, where set; without a region AWS_DEFAULT_REGION'],
      ['NO_COLOR', '--no-color'],
      ['CI', 'if set, progress is a line every 10 s, as without a terminal'],
      ['TERM, COLORTERM', 'terminal capabilities; TERM=dumb disables colors and bars'],
      ['KITTY_WINDOW_ID, TERM_PROGRAM, LC_TERMINAL, TMUX', 'used to find out how the terminal shows pictures'],
      ['XDG_CONFIG_HOME', 'where profiles are saved (default: ~/.config)'],
      ['XDG_DATA_HOME', 'where --sandbox keeps its state (default: ~/.local/share)'],
      ['XDG_CACHE_HOME', 'where concept names are cached for completion (default: ~/.cache)'],
    ],
  );
}

/** Its help is the topic itself, and so is what it does. */
function declareTopic(command: Command, opening: string, rows: Rows): void {
  const width = Math.max(...rows.map(([term]) => term.length));
  const lines = rows.map(([term, meaning]) => `  ${term.padEnd(width)}  ${meaning}\n`);
  command.configureHelp({ formatHelp: () => `${opening}\n\n${lines.join('')}` }).action(() => {
    command.outputHelp();
  });
}
