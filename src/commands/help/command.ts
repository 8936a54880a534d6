import type { Command } from 'commander';
import type { Declare } from '../../session/session.js';

/** Declares `help`: what `--help` shows of the command or topic that is named, and a suggestion where there is none. */
export const declareHelp: Declare = (command, _start, whole) => {
  command
    .description('Show the help of a command, or a topic.')
    .argument('[command...]', 'a command, with its subcommand, or a topic')
    .addHelpText('before', examples)
    .action(async (words: readonly string[]) => {
      let named = await whole();
      for (const word of words) named = await subcommand(named, word);
      named.help();
    });
};

const examples = `Examples:
  clarifai-inputs help add
  clarifai-inputs help exit-codes
`;

async function subcommand(command: Command, word: string): Promise<Command> {
  const found = command.commands.find((one) => one.name() === word);
  // what has no subcommands would run, and what has some words the error
  return found ?? (command.commands.length === 0 ? command : await command.parseAsync([word], { from: 'user' }));
}
