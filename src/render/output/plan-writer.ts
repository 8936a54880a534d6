import { wireInput } from '../../api/rest/body.js';
import type { Candidate } from '../../core/model/steps.js';
import { addCurl } from './curl.js';
import type { DataOutput } from './data-output.js';
import { isJsonForm, type OutputForm } from './output-forms.js';
import { RecordWriter } from './record-writer.js';
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
  let bytes = 0;
  return {
    async batch(candidates) {
      const size = candidates.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      batches += 1;
      inputs += candidates.length;
      bytes += size;
      const rows = candidates.map(
        ({ input, source, sizeBytes }) =>
          `  ${input.id ?? '(by server)'}  ${sanitizeForTerminal(source)}  ${bytesText(sizeBytes)}\n`,
      );
      const head = `batch ${batches}: POST ${path}, ${candidates.length} inputs, ${bytesText(size)}\n`;
      await out.write(head + rows.join(''));
    },
    note: (text) => out.write(`${text}\n`),
    end: () => out.write(`would send ${inputs} inputs in ${batches} requests, ${bytesText(bytes)}\n`),
  };
}

function inputRow({ input, source, sizeBytes }: Candidate): Record<string, string | number | null> {
  return { id: input.id ?? null, source, type: input.kind, bytes: sizeBytes };
}

function plannedInput({ input, sizeBytes }: Candidate): ReturnType<typeof wireInput> {
  return wireInput(input, input.kind === 'text' ? `<text of ${sizeBytes} bytes>` : `<base64 of ${sizeBytes} bytes>`);
}
