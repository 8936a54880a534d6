import { Command, type Option } from 'commander';
import type { Command as TypedCommand } from '@commander-js/extra-typings';
import { refuseEmptyValues, settingValue } from '../commands/options/values.js';
import type { Context } from '../context.js';
import { settingNames, transports } from '../core/settings/names.js';
import { outputForms } from '../render/output/output-forms.js';
import { globalOptions } from '../session/global-options.js';
import { commands, type CommandHost } from './command-table.js';
import { programHelp } from './help-text.js';

/** The program with all its commands by name; what a command takes is declared once it is asked for. */
export function createProgram(context: Context, runTask: CommandHost['runTask']): Command {
  const program = new Command('clarifai-inputs');
  program
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void context.stdout.write(text),
      writeErr: (text) => void context.stderr.write(text),
      getOutHelpWidth: () => context.stdout.columns ?? 100,
      getErrHelpWidth: () => context.stderr.columns ?? 100,
      // words that were typed stand in it: `run` shows it as it does every other error
      outputError: () => undefined,
    })
    .showSuggestionAfterError()
    .helpCommand(false);
  declareGlobals(program);
  refuseEmptyValues(program);
  const undeclared = new Map(Object.entries(commands));
  for (const [name, { summary, topic }] of undeclared) {
    const command = program.command(name).summary(summary);
    if (topic !== true) command.addHelpText('afterAll', '\nOptions of every command: clarifai-inputs help');
  }
  // after the commands, which would take it over
  program.configureHelp({ formatHelp: programHelp });
  const declare = async (command: Command): Promise<void> => {
    const entry = undeclared.get(command.name());
    undeclared.delete(command.name());
    await entry?.declare(withOptionTypes(command), { runTask, declareAll });
    if (entry !== undefined) refuseEmptyValues(command);
  };
  const declareAll = async (): Promise<Command> => {
    for (const command of program.commands) await declare(command);
    return program;
  };
  return program.hook('preSubcommand', (_, command) => declare(command));
}

/** Declares the options that every command has; the value of a setting is one that could be saved. */
export function declareGlobals(program: Command): void {
  for (const [flags, description] of globalOptions) {
    program.addOption(checkValue(program.createOption(flags, description)));
  }
}

function checkValue(option: Option): Option {
  if (option.name() === 'transport') return option.choices(transports);
  const settingName = settingNames.find((name) => name === option.name());
  if (settingName !== undefined) return option.argParser(settingValue(settingName));
  return option.name() === 'output' ? option.choices(outputForms) : option;
}

/**
 * A command that has neither arguments nor options yet, with the types that gather them as it is declared. They are
 * types alone: at run time it stays commander's own, and commander's own types know nothing of them, so this is said.
 */
function withOptionTypes(command: Command): TypedCommand {
  return command as unknown as TypedCommand;
}
