import type { Step } from '../model/steps.js';

/** Adds a notice behind each folder or list that held nothing to add: nothing that could fail either. */
export async function* noticeEmpty(steps: AsyncIterable<Step>): AsyncGenerator<Step> {
  let isEmpty = false;
  for await (const step of steps) {
    if (step.at === 'bound') {
      if (step.edge === 'end' && isEmpty) yield { at: 'notice', notice: 'empty', source: step.source };
      isEmpty = step.edge === 'begin';
    } else {
      isEmpty &&= step.at === 'skipped' || step.at === 'pause';
      yield step;
    }
  }
}
