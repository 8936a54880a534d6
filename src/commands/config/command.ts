import type { Command } from '@commander-js/extra-typings';
import { settingNames, type SettingName } from '../../core/settings/names.js';
import { UsageError } from '../../errors.js';
import type { Start } from '../command.js';

/** A parsed `config` command. */
export type ConfigRequest =
  | { readonly verb: 'init' | 'list' | 'path' | 'check' }
  | { readonly verb: 'get' | 'unset'; readonly name: SettingName }
  /** The value; `-` for a key, which comes on stdin. */
  | { readonly verb: 'set'; readonly name: SettingName; readonly value: string }
  | { readonly verb: 'use'; readonly profile: string };

export function declareConfig(config: Command, start: Start<ConfigRequest>): void {
  config
    .helpCommand(false)
    .description('Save keys, apps and other settings as profiles. Use --profile NAME to choose one.')
    .addHelpText('before', examples('config init', 'config set app-id my-app --profile work', 'config list'));
  const settingArgument = config.createArgument('<name>', 'which').choices(settingNames).argParser(parseSettingName);
  const verb = (name: string, summary: string, ...lines: readonly string[]): Command =>
    config
      .command(name)
      .summary(summary)
      .description(sentence(summary))
      .addHelpText('before', examples(...lines));

  verb(
    'init',
    'ask for key and app, check them, and save them with the options given',
    'config init',
    'config init --profile work',
  ).action(() => start({ verb: 'init' }));
  verb('set', 'save a value', 'config set app-id my-app', 'config set api-key - < key.txt')
    .addArgument(settingArgument)
    .argument('<value>', 'the value; - to read a key from stdin')
    .action((name, value) => start(parseSet(name, value)));
  verb('get', 'print the effective value', 'config get app-id', 'config get rps --profile work')
    .addArgument(settingArgument)
    .action((name) => start({ verb: 'get', name }));
  verb('unset', 'remove a saved value', 'config unset app-id', 'config unset api-key --profile work')
    .addArgument(settingArgument)
    .action((name) => start({ verb: 'unset', name }));
  verb('list', 'print every value and where it comes from', 'config list', 'config list --profile work -o json').action(
    () => start({ verb: 'list' }),
  );
  verb(
    'check',
    'ask the service whether it accepts the key and knows the app',
    'config check',
    'config check --profile work',
  ).action(() => start({ verb: 'check' }));
  verb('use', 'set the active profile', 'config use work', 'config use default')
    .argument('<profile>', 'name of the profile')
    .action((profile) => start({ verb: 'use', profile }));
  verb('path', 'print where profiles are saved', 'config path', 'cat "$(clarifai-inputs config path)"').action(() =>
    start({ verb: 'path' }),
  );
}

function examples(...lines: readonly string[]): string {
  const whole = lines.map((line) => (line.startsWith('config') ? `clarifai-inputs ${line}` : line));
  return `Examples:\n${whole.map((line) => `  ${line}\n`).join('')}`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** A key in an argument would be seen by everybody on the machine, and kept in the shell's history. */
function parseSet(name: SettingName, value: string): ConfigRequest {
  if (name === 'api-key' && value !== '-') {
    throw new UsageError('keys are never taken from arguments', {
      hint: "'clarifai-inputs config init' asks for it, 'clarifai-inputs config set api-key - < FILE' reads it",
    });
  }
  return { verb: 'set', name, value };
}

/** The text is not repeated: it may be a key, with name and value swapped. */
function parseSettingName(text: string): SettingName {
  const name = settingNames.find((one) => one === text);
  if (name === undefined) {
    throw new UsageError('unknown setting', { hint: `settings: ${settingNames.join(', ')}` });
  }
  return name;
}
