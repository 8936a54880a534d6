import { Argument } from 'commander';
import type { Declare } from '../../session/session.js';

export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof shells)[number];

/** Declares `completion`: prints what a shell reads to complete the words of every other command. */
export const declareCompletion: Declare = (command, start, whole) => {
  command
    .description('Print the completion script of a shell; its first lines tell where to put it.')
    .addArgument(new Argument('<shell>', 'which one').choices(shells))
    .addHelpText('before', examples)
    .action(async (word: string) => {
      const request = { shell: shells.find((shell) => shell === word) ?? 'bash', program: await whole() };
      await start(async () => (await import('./run.js')).runCompletion, request);
    });
};

const examples = `Examples:
  source <(clarifai-inputs completion bash)
  clarifai-inputs completion fish > ~/.config/fish/completions/clarifai-inputs.fish
`;
