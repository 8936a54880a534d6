import { Command } from 'commander';
import { globalOption } from '../commands/options/values.js';
import type { Start } from '../session/session.js';
import type { Context } from '../context.js';
import { commands, globalOptions, programHelp } from './command-table.js';

/** The program with all its commands by name; what a command takes is declared once it is asked for. */
export function programFor(context: Context, start: Start): Command {
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
  for (const [flags, description] of globalOptions) program.addOption(globalOption(flags, description));
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
    (await entry?.load())?.(command, start, whole);
  };
  const whole = async (): Promise<Command> => {
    for (const command of program.commands) await declare(command);
    return program;
  };
  return program.hook('preSubcommand', (_, command) => declare(command));
}
