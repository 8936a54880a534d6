import type { Command } from '@commander-js/extra-typings';
import { profileVariable, variables } from '../../core/settings/settings.js';
import type { ExitCode } from '../../errors.js';

type Rows = readonly (readonly [term: string, meaning: string])[];

const meanings: Readonly<Record<ExitCode, string>> = {
  0: 'done, all of it',
  1: 'this machine: disk full, file not writable; or a bug, with how to report it',
  2: 'usage: nothing was sent',
  3: 'some or all inputs failed, each is named; or the service refused the request',
  4: 'the account says no: key missing, refused or without the scope, no such app, quota gone',
  5: 'time ran out while waiting; go on with the printed command',
  6: 'service unreachable or overloaded after all retries; trying again may help',
  130: 'interrupted: requests in flight ended, the summary says how to go on',
  143: 'the same, by SIGTERM',
};

/** Declares the topic `exit-codes`. */
export function declareExitCodes(command: Command): void {
  declareTopic(command, 'The exit code tells how a command ended. Where several hold, the gravest counts.', [
    ...Object.entries(meanings),
  ]);
}

/** Declares the topic `environment`. */
export function declareEnvironment(command: Command): void {
  const settings = Object.entries(variables).map(
    ([name, [first, ...others]]) =>
      [
        [first, ...others].join(', '),
        name === 'api-key' ? 'the key; the first that is set counts' : `--${name}`,
      ] as const,
  );
  declareTopic(
    command,
    'An option wins over a variable, a variable over the saved profile. One that is empty is not set.',
    [
      ...settings,
      [profileVariable, '--profile'],
      ['HTTPS_PROXY, HTTP_PROXY', 'the proxy to send through'],
      ['NO_PROXY', 'hosts that are asked without it'],
      ['NODE_EXTRA_CA_CERTS', 'a file of further certificate authorities, as --ca-cert'],
      ['NO_COLOR', '--no-color'],
      ['CI', 'if set, progress is a line every 10 s, as without a terminal'],
      ['TERM, COLORTERM', 'what colours there are; TERM=dumb: neither colours nor bars'],
      ['KITTY_WINDOW_ID, TERM_PROGRAM, LC_TERMINAL, TMUX', 'how the terminal can show pictures'],
      ['XDG_CONFIG_HOME', 'where the profiles are saved (default: ~/.config)'],
      ['XDG_DATA_HOME', 'where --sandbox keeps its state (default: ~/.local/share)'],
      ['XDG_CACHE_HOME', 'where names of concepts are kept for TAB (default: ~/.cache)'],
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
