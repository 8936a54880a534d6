import type { Command } from '@commander-js/extra-typings';
import type { Command as Program } from 'commander';

/** Declares `help`: what `--help` shows of the command or topic that is named, and a suggestion where there is none. */
export function declareHelp(command: Command, declareAll: () => Promise<Program>): void {
  command
    .description('Show help for a command or a topic.')
    .argument('[command...]', 'a command, with its subcommand, or a topic')
    .addHelpText('before', examples)
    .action(async (words) => {
      let named = await declareAll();
      for (const word of words) named = await findSubcommand(named, word);
      named.help();
    });
}

const examples = `Examples:
  clarifai-inputs help add
  clarifai-inputs help exit-codes
`;

async function findSubcommand(command: Program, word: string): Promise<Program> {
  const found = command.commands.find((one) => one.name() === word);
  // what has no subcommands would run, and what has some words the error
  return found ?? (command.commands.length === 0 ? command : await command.parseAsync([word], { from: 'user' }));
}
