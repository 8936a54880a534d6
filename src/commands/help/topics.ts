import type { Command, Help } from '@commander-js/extra-typings';
import { profileVariable, variables } from '../../core/settings/settings.js';
import type { ExitCode } from '../../errors.js';

/** Terms and their meanings, with a title where a topic has several. */
export interface Section {
  readonly title?: string;
  readonly rows: readonly (readonly [term: string, meaning: string])[];
}

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
export function declareExitCodesTopic(command: Command): void {
  declareTopic(command, 'Exit codes. If several apply, the most severe one is returned.', {
    rows: Object.entries(meanings),
  });
}

/** Declares the topic `environment`. */
export function declareEnvironmentTopic(command: Command): void {
  const settings = Object.entries(variables).map(
    ([name, [first, ...others]]) =>
      [[first, ...others].join(', '), name === 'api-key' ? 'API key; the first one set is used' : `--${name}`] as const,
  );
  declareTopic(
    command,
    'Options override variables, and variables override the saved profile. Empty variables are ignored.',
    {
      rows: [
        ...settings,
        [profileVariable, '--profile'],
        ['HTTPS_PROXY, HTTP_PROXY', 'proxy for requests'],
        ['NO_PROXY', 'hosts to reach without a proxy'],
        ['NODE_EXTRA_CA_CERTS', 'file with additional certificate authorities, as --ca-cert'],
        ['AWS_ACCESS_KEY_ID', 'what add --send-credentials sends'],
        ['AWS_SECRET_ACCESS_KEY', 'the same'],
        ['AWS_SESSION_TOKEN, AWS_REGION', 'the same, where set; without a region AWS_DEFAULT_REGION'],
        ['NO_COLOR', '--no-color'],
        ['CI', 'if set, progress is a line every 10 s, as without a terminal'],
        ['TERM, COLORTERM', 'terminal capabilities; TERM=dumb disables colors and bars'],
        ['KITTY_WINDOW_ID, TERM_PROGRAM', 'used to find out how the terminal shows pictures'],
        ['LC_TERMINAL, TMUX', 'the same'],
        ['XDG_CONFIG_HOME', 'where profiles are saved (default: ~/.config)'],
        ['XDG_DATA_HOME', 'where --sandbox keeps its state (default: ~/.local/share)'],
        ['XDG_CACHE_HOME', 'where concept names are cached for completion (default: ~/.cache)'],
      ],
    },
  );
}

/** Its help is the topic itself, and so is what it does. */
export function declareTopic(command: Command, opening: string, ...sections: readonly Section[]): void {
  const width = Math.max(...sections.flatMap(({ rows }) => rows.map(([term]) => term.length)));
  command
    .configureHelp({
      formatHelp: (_, helper) =>
        [opening, ...sections.map((section) => sectionText(section, width, helper))].join('\n\n') + '\n',
    })
    .action(() => {
      command.outputHelp();
    });
}

function sectionText({ title, rows }: Section, width: number, helper: Help): string {
  const lines = rows.map(([term, meaning]) => helper.formatItem(term, width, meaning, helper));
  return [...(title === undefined ? [] : [title]), ...lines].join('\n');
}
