import type { Command, Option } from '@commander-js/extra-typings';
import { conflictRules, type ConflictRule } from '../../core/add/conflicts/rules.js';

/** `--on-conflict`, as commander's `addOption` takes it. */
export function conflictOption(
  command: Command,
): Option<'--on-conflict <rule>', undefined, 'skip', undefined, false, ConflictRule> {
  return command
    .createOption('--on-conflict <rule>', 'what to do with an ID that the app already has')
    .choices(conflictRules)
    .default('skip');
}
