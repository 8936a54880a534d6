import type { FileContent } from '../../api/new-input.js';
import { wireInput } from '../../api/rest/body.js';
import type { Candidate } from '../../core/model/steps.js';
import { addCurl } from './curl.js';
import type { DataOutput } from './data-output.js';
import { isJsonForm, type OutputForm } from './output-forms.js';
import { RecordWriter } from './record-writer.js';
import { countText } from '../plural.js';
import { bytesText, sanitizeForTerminal } from '../text.js';

/** Shows the requests that an `add` would send. */
export interface PlanWriter {
  batch(candidates: readonly Candidate[]): Promise<void>;
  /** Something that is not sent, and why. */
  note(text: string): Promise<void>;
  end(): Promise<void>;
}

/**
 * For a person the batches with ids and sizes; as JSON the exact requests, bytes elided; as CSV or ids the inputs.
 *
 * @param form - undefined for the text
 * @param path - of the request
 */
export function planWriter(
  out: DataOutput,
  { form, path }: { readonly form: OutputForm | undefined; readonly path: string },
): PlanWriter {
  if (form === undefined || form === 'table') return textPlan(out, path);
  const writer = new RecordWriter(out, {
    form,
    fields: undefined,
    columns: ['id', 'source', 'type', 'bytes'].map((name) => ({ name, value: (record) => record[name] })),
  });
  const requests = isJsonForm(form);
  return {
    async batch(candidates) {
      if (!requests) await writer.write(candidates.map(inputRow));
      else await writer.write([{ method: 'POST', path, body: { inputs: candidates.map(plannedInput) } }]);
    },
    note: () => Promise.resolve(),
    end: () => writer.end(),
  };
}

/** The equal commands of `sh`; what is not sent is not spoken of. */
export function curlPlanWriter(out: DataOutput, url: string): PlanWriter {
  const nothing = (): Promise<void> => Promise.resolve();
  return { batch: (candidates) => out.write(addCurl(url, candidates)), note: nothing, end: nothing };
}

function textPlan(out: DataOutput, path: string): PlanWriter {
  let batches = 0;
  let inputs = 0;
  let total: Size = { bytes: 0, unknown: 0 };
  return {
    async batch(candidates) {
      const size = sizeOf(candidates);
      batches += 1;
      inputs += candidates.length;
      total = { bytes: total.bytes + size.bytes, unknown: total.unknown + size.unknown };
      const rows = candidates.map((candidate) => {
        const { input, source } = candidate;
        return `  ${input.id ?? '(by server)'}  ${sanitizeForTerminal(source)}  ${sizeText(sizeOf([candidate]))}\n`;
      });
      const head = `batch ${batches}: POST ${path}, ${countText(candidates.length, 'input')}, ${sizeText(size)}\n`;
      await out.write(head + rows.join(''));
    },
    note: (text) => out.write(`${text}\n`),
    end: () =>
      out.write(`would send ${countText(inputs, 'input')} in ${countText(batches, 'request')}, ${sizeText(total)}\n`),
  };
}

interface Size {
  readonly bytes: number;
  /** Files that are measured only when they are fetched from another app. */
  readonly unknown: number;
}

function sizeOf(candidates: readonly Candidate[]): Size {
  return {
    bytes: candidates.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    unknown: candidates.filter(isFetchedLater).length,
  };
}

function sizeText({ bytes, unknown }: Size): string {
  if (unknown === 0) return bytesText(bytes);
  const files = `${countText(unknown, 'file')} of unknown size`;
  return bytes === 0 ? files : `${bytesText(bytes)} and ${files}`;
}

function isFetchedLater({ draft }: Candidate): boolean {
  return draft.media.at === 'hosted';
}

function inputRow(candidate: Candidate): Record<string, string | number | null> {
  const { input, source, sizeBytes } = candidate;
  const bytes = isFetchedLater(candidate) ? null : sizeBytes;
  return { id: input.id ?? null, source, type: input.kind, bytes };
}

/** What is fetched is sent as bytes, like a file. */
const fetched: FileContent = { at: 'file', path: '', sizeBytes: 0, mtimeMs: 0, jsonTextBytes: undefined };

function plannedInput(candidate: Candidate): ReturnType<typeof wireInput> {
  const { input, sizeBytes } = candidate;
  const form = input.kind === 'text' ? 'text' : 'base64';
  return isFetchedLater(candidate)
    ? wireInput({ ...input, content: fetched }, `<${form} of unknown size>`)
    : wireInput(input, `<${form} of ${sizeBytes} bytes>`);
}
