import { isTransientCode } from '../../api/answers.js';
import type { Json, JsonObject } from '../../wire/json.js';
import type { Candidate, Draft, Final, Payload, RecordStatus, Step, Unexpanded } from '../model/steps.js';
import { collectPayload, type PayloadSources } from '../sources/payload-layers.js';
import { mergePayload } from '../model/payload.js';
import type { RowFile } from '../rows/row-writer.js';

/** Writes each failed source as a row that `--manifest` reads back, as it fails. */
export class FailuresFile {
  readonly #file: RowFile;
  readonly #layers: PayloadSources;
  /** Sources in flight, by id, or by name if the service makes the id. */
  readonly #open = new Map<string, Candidate>();

  constructor(file: RowFile, layers: PayloadSources) {
    this.#file = file;
    this.#layers = layers;
  }

  /** Remembers what is on its way; lets all pass. */
  async *track(steps: AsyncIterable<Step>): AsyncGenerator<Step> {
    for await (const step of steps) {
      if (step.at === 'candidate') this.#open.set(keyOf(step.candidate), step.candidate);
      yield step;
    }
  }

  /** Writes what failed; lets all pass. */
  async *recordFailures(steps: AsyncIterable<Step>): AsyncGenerator<Step> {
    for await (const step of steps) {
      if (step.at === 'changed') this.#replaceCandidate(step.before, step.now);
      else if (step.at === 'final') await this.#record(step);
      yield step;
    }
  }

  #replaceCandidate(before: Candidate, now: Candidate): void {
    this.#open.delete(keyOf(before));
    this.#open.set(keyOf(now), now);
  }

  async #record(step: Final): Promise<void> {
    const { id, source, outcome } = step.record;
    // the second of two with one id is not the one that is on its way
    if (outcome === 'duplicate') return;
    const isUnsent = step.draft !== undefined || step.row !== undefined;
    const candidate = !isUnsent ? (this.#open.get(id ?? '') ?? this.#open.get(source)) : undefined;
    if (candidate?.source === source) this.#open.delete(keyOf(candidate));
    if (outcome === 'failed') await this.#file.write([this.#row(step, candidate)]);
  }

  #row(step: Final, candidate: Candidate | undefined): JsonObject {
    const { id, source, status } = step.record;
    const draft = candidate?.draft ?? step.draft;
    return {
      ...(id !== null && { id }),
      ...(draft === undefined ? (step.row ?? patternOf(step.unexpanded)) : mediaOf(draft)),
      ...notesOf(candidate?.input ?? this.#payload(draft ?? step.unexpanded)),
      source,
      ...reasonOf(status),
      tries: triesOf(step, candidate),
    };
  }

  #payload(draft: Draft | Unexpanded | undefined): Payload | undefined {
    if (draft === undefined) return undefined;
    if ('pattern' in draft) return mergePayload(draft.payload, draft.own);
    try {
      return collectPayload(draft, this.#layers);
    } catch {
      // its sidecar can't be read: that is why it failed
      return draft.payload;
    }
  }
}

function keyOf({ input, source }: Candidate): string {
  return input.id ?? source;
}

/** How often it was sent, in this run and before. */
function triesOf({ draft, tries = 1 }: Final, candidate: Candidate | undefined): number {
  return candidate === undefined ? (draft?.tries ?? 0) : candidate.draft.tries + tries;
}

function reasonOf({ code, name, description }: RecordStatus): JsonObject {
  const passing = isTransientCode(code ?? 0) || name === 'NO_ANSWER' || name === 'VANISHED';
  return { code, reason: `${name}: ${description}`, transient: passing };
}

/** Nothing for a line or row that names no source that could be read again. */
function patternOf(unexpanded: Unexpanded | undefined): JsonObject {
  if (unexpanded === undefined) return {};
  const { kind, pattern } = unexpanded;
  return { ...(kind !== undefined && { type: kind }), pattern };
}

function mediaOf({ media, kind, found }: Draft): JsonObject {
  const type = kind === undefined || found ? {} : { type: kind };
  switch (media.at) {
    case 'file':
      return { ...type, path: media.path };
    case 'url':
    case 'hosted':
      return { ...type, url: media.url };
    case 'text':
      return { text: media.text };
  }
}

function notesOf(payload: Payload | undefined): JsonObject {
  if (payload === undefined) return {};
  const { concepts, metadata, geo, datasetIds, textBeside } = payload;
  const point: readonly Json[] = geo === undefined ? [] : [geo.geo_point.longitude, geo.geo_point.latitude];
  return {
    ...(concepts.length > 0 && { concepts: concepts.map(({ value = 1, ...concept }) => ({ ...concept, value })) }),
    ...(metadata !== undefined && { metadata }),
    ...(point.length > 0 && { geo: point }),
    ...(datasetIds.length > 0 && { dataset_ids: [...datasetIds] }),
    ...(textBeside !== undefined && { text: textBeside }),
  };
}
