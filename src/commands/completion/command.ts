import type { Command } from '@commander-js/extra-typings';
import type { Command as Program } from 'commander';
import type { Start } from '../command.js';

export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof shells)[number];

export interface CompletionRequest {
  readonly shell: Shell;
  /** With every command declared. */
  readonly program: Program;
}

/** Declares `completion`: prints what a shell reads to complete the words of every other command. */
export function declareCompletion(
  command: Command,
  start: Start<CompletionRequest>,
  declareAll: () => Promise<Program>,
): void {
  command
    .description('Print the completion script for a shell. Its first lines say where to put it.')
    .addArgument(command.createArgument('<shell>', 'shell to print the script for').choices(shells))
    .addHelpText('before', examples)
    .action(async (shell) => {
      await start({ shell, program: await declareAll() });
    });
}

const examples = `Examples:
  source <(clarifai-inputs completion bash)
  clarifai-inputs completion fish > ~/.config/fish/completions/clarifai-inputs.fish
`;
