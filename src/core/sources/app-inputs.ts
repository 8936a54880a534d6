import { mediaOf, isServiceCopy } from '../../api/media.js';
import type { AppInput } from '../../api/answers.js';
import type { InputsService } from '../../api/service.js';
import { messageOf } from '../../errors.js';
import { mapOrdered } from '../model/map-ordered.js';
import { interruptible } from '../model/interruptible.js';
import { phaseOf } from '../model/status-catalog.js';
import { emptyPayload, type Media, type Payload, type Step } from '../model/steps.js';
import { isOfThisMedia, type RunControl } from '../model/run-control.js';
import { inputsIn, type Pages } from '../read/select.js';
import { readTextBeside } from '../read/text-beside.js';
import { draftStep, failedStep, type SourceDefaults } from './draft-steps.js';

/** The inputs of another app, as sources. */
export interface AppInputs {
  /** The app, as shown. */
  readonly name: string;
  readonly pages: Pages;
  readonly service: InputsService;
  /** Texts that are fetched at once. */
  readonly width: number;
  /** Of the API that tells of them. */
  readonly apiOrigin: string;
  /** True to take those that had failed as well. */
  readonly includeFailed: boolean;
  /** The datasets that an input is in. */
  readonly datasetsOf: (id: string) => readonly string[];
  /** Is shown each input that is taken. */
  readonly onInput: (input: AppInput) => void;
}

/** Each input of an app as a source with its own id; an app that can't be read any further stops the run. */
export async function* appSteps(inputs: AppInputs, cwd: string, control: RunControl): AsyncGenerator<Step> {
  const { name, pages, service, width } = inputs;
  yield { at: 'bound', edge: 'begin', source: name };
  try {
    const read = mapOrdered(inputsIn(pages), width, (input) => withText(input, service));
    for await (const input of interruptible(read, control.signal)) {
      if (control.isStopped) return;
      yield inputStep(input, inputs, { cwd, id: undefined, kind: undefined, payload: emptyPayload });
    }
  } catch (error) {
    // what was read so far goes on its way: the stages behind tell what became of it
    control.stop(error);
    return;
  }
  yield { at: 'bound', edge: 'end', source: name };
}

interface InputWithText {
  readonly input: AppInput;
  readonly textBeside: string | undefined;
  /** Why its text can't be had. */
  readonly problem: string | undefined;
}

async function withText(input: AppInput, service: InputsService): Promise<InputWithText> {
  try {
    return { input, textBeside: await readTextBeside(input, service), problem: undefined };
  } catch (error) {
    if (!isOfThisMedia(error)) throw error;
    return { input, textBeside: undefined, problem: `its text cannot be fetched: ${messageOf(error)}` };
  }
}

function inputStep({ input, textBeside, problem }: InputWithText, inputs: AppInputs, defaults: SourceDefaults): Step {
  const { includeFailed, apiOrigin, datasetsOf, onInput } = inputs;
  const { id, status } = input;
  if (phaseOf(status.code) === 'failed' && !includeFailed) {
    return { at: 'skipped', source: id, reason: 'had failed' };
  }
  onInput(input);
  if (problem !== undefined) return failedStep(id, problem);
  const media = draftMedia(input, apiOrigin);
  if (media === undefined) return failedStep(id, 'has no media that could be copied');
  const kind = media.at === 'text' ? 'text' : input.media[0]?.kind;
  return draftStep(
    {
      source: id,
      media,
      id,
      kind,
      own: { ...payloadOf(input), datasetIds: datasetsOf(id), ...(textBeside !== undefined && { textBeside }) },
    },
    defaults,
  );
}

/** Its text, its own copy where only the service has it, or else the address that it was added from. */
function draftMedia(input: AppInput, apiOrigin: string): Media | undefined {
  const [media] = input.media;
  if (media === undefined) return undefined;
  const { url, text, hosted } = media;
  if (text !== undefined) return { at: 'text', text };
  if (url !== undefined && !isServiceCopy({ url, hostedPrefix: hosted?.prefix }, apiOrigin)) return { at: 'url', url };
  const copy = mediaOf(input);
  return copy?.at === 'url' ? { at: 'hosted', url: copy.url } : undefined;
}

function payloadOf({ concepts, metadata, geo }: AppInput): Partial<Payload> {
  return {
    concepts: concepts.map(({ id, name, value }) => ({ id, ...(name !== id && { name }), value })),
    ...(metadata !== undefined && Object.keys(metadata).length > 0 && { metadata }),
    ...(geo !== undefined && { geo: { geo_point: { ...geo } } }),
  };
}
