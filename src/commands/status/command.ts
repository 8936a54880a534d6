import type { Command } from '@commander-js/extra-typings';
import { assertNotTogether, assertOnlyOne } from '../../session/option-rules.js';
import type { OptionsOf, Start } from '../command.js';
import { collectIds, decimal, defaultWaitSeconds } from '../options/values.js';

export interface StatusRequest {
  /** Ids as given; `-` stands for stdin. Empty: the counts of the app. */
  readonly words: readonly string[];
  readonly waitMs: number | undefined;
  /** True to count inputs per concept. */
  readonly concepts: boolean;
  /** Jobs to show instead of inputs. */
  readonly jobs: readonly string[] | 'all' | undefined;
}

export function declareStatus(command: Command, start: Start<StatusRequest>): void {
  addStatusOptions(command).action((words, options) => start(parseStatus(words, options)));
}

function addStatusOptions(command: Command) {
  return command
    .description("Print the app's counts as a bar, or the status of the given inputs or jobs.")
    .argument('[id...]', 'input IDs; - to read them from stdin')
    .option('--concepts', 'count inputs per concept')
    .option('--job <id>', 'show a job that reads a bucket, as add s3://... printed it (repeatable)', collectIds)
    .option('--jobs', 'list the jobs of the app')
    .option('--wait', 'wait until nothing is pending')
    .option('--wait-timeout <seconds>', 'how long to wait', decimal({ min: 0 }), defaultWaitSeconds)
    .addHelpText('before', examples);
}

const examples = `Examples:
  clarifai-inputs status --wait
  clarifai-inputs status --job ID --wait
  clarifai-inputs add ./photos --no-wait -o ids | clarifai-inputs status --wait -
`;

/** Throws UsageError for options of different things. */
function parseStatus(words: readonly string[], options: OptionsOf<typeof addStatusOptions>): StatusRequest {
  const concepts = options.concepts === true;
  assertNotTogether({ '--concepts': concepts }, { IDs: words.length > 0, '--wait': options.wait === true });
  const { job: jobs } = options;
  const listsJobs = options.jobs === true;
  assertOnlyOne({ IDs: words.length > 0, '--job': jobs !== undefined, '--jobs': listsJobs, '--concepts': concepts });
  assertNotTogether({ '--jobs': listsJobs }, { '--wait': options.wait === true }, 'wait for one with --job ID --wait');
  return {
    words,
    waitMs: options.wait === true ? options.waitTimeout * 1000 : undefined,
    concepts,
    jobs: listsJobs ? 'all' : jobs,
  };
}
