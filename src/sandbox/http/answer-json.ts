import type { Json, JsonObject } from '../../wire/json.js';
import type {
  Answer,
  ShownAddJob,
  ShownConcept,
  ShownDataset,
  ShownDatasetInput,
  ShownExtraction,
  ShownInput,
  ShownMedium,
} from '../operations/answers.js';
import { conflictResolutions } from '../requests/input-requests.js';
import { descriptionOf } from '../operations/descriptions.js';
import { type Annotations, type App, type End, present, type StoredRegion } from '../state/records.js';

// As a recording shows inputs that were never stored
const noTime = '0001-01-01T00:00:00Z';

/** All of an answer but its status. */
export function answerJson(answer: Answer): JsonObject {
  const { inputs, input, counts, concepts, concept, datasets, datasetInputs } = answer;
  return present({
    inputs: inputs?.map(inputJson),
    input: input && inputJson(input),
    counts: counts && { ...counts },
    concepts: concepts?.map(conceptJson),
    concept: concept && conceptJson(concept),
    datasets: datasets?.map(datasetJson),
    dataset_inputs: datasetInputs?.map(datasetInputJson),
    ...jobsJson(answer),
  });
}

function jobsJson({ addJob, addJobs, extraction, extractions }: Answer): JsonObject {
  return present({
    inputs_add_job: addJob && addJobJson(addJob),
    inputs_add_jobs: addJobs?.map(addJobJson),
    inputs_extraction_job: extraction && extractionJson(extraction),
    inputs_extraction_jobs: extractions?.map(extractionJson),
  });
}

/** A `status` object. */
export function statusJson({ code, details }: End): JsonObject {
  return present({ code, description: descriptionOf(code), details });
}

/** An `input` object. */
export function inputJson({ id, app, media, annotations, times, status }: ShownInput): JsonObject {
  return present({
    id,
    data: {
      ...Object.fromEntries(media.map((medium) => [medium.kind, mediumJson(medium)])),
      ...dataJson(annotations, app),
    },
    created_at: times === undefined ? noTime : new Date(times.createdMs).toISOString(),
    modified_at: times && new Date(times.modifiedMs).toISOString(),
    status: statusJson(status),
  });
}

/** Concepts, metadata, geo and regions; what is empty is left out. */
function dataJson({ concepts, metadata, geo, regions }: Annotations, app: App): JsonObject {
  return present({
    concepts: omitEmpty(concepts?.map(({ id, name, value }) => ({ id, name, value, app_id: app.app }))),
    metadata: metadata && Object.keys(metadata).length > 0 ? metadata : undefined,
    geo: geo ? { geo_point: { ...geo.geo_point } } : undefined,
    regions: omitEmpty(regions?.map((region) => regionJson(region, app))),
  });
}

function regionJson({ id, info, value, trackId, annotations }: StoredRegion, app: App): JsonObject {
  const data = annotations && dataJson(annotations, app);
  return present({ id, region_info: info, data, value, track_id: trackId });
}

function mediumJson({ kind, url, hosted, info }: ShownMedium): JsonObject {
  return present({
    url,
    hosted: hosted && { ...hosted, sizes: ['orig'], crossorigin: 'use-credentials' },
    [`${kind}_info`]: info,
  });
}

function conceptJson({ id, name, app }: ShownConcept): JsonObject {
  return { id, name, app_id: app.app };
}

function datasetJson({ id, app, createdMs }: ShownDataset): JsonObject {
  const createdAt = new Date(createdMs).toISOString();
  return { id, created_at: createdAt, modified_at: createdAt, app_id: app.app, user_id: app.user };
}

function datasetInputJson({ joinedMs, input }: ShownDatasetInput): JsonObject {
  return { created_at: joinedMs === undefined ? noTime : new Date(joinedMs).toISOString(), input: inputJson(input) };
}

/** A job; of its counts, as recorded, only those that are not zero. */
function addJobJson({ id, progress, state, extractions }: ShownAddJob): JsonObject {
  return present({
    id,
    progress: present({
      pending_count: progress.pending || undefined,
      in_progress_count: progress.inProgress || undefined,
      success_count: progress.succeeded || undefined,
      failed_count: progress.failed || undefined,
    }),
    created_at: state && new Date(state.createdMs).toISOString(),
    modified_at: state && new Date(state.modifiedMs).toISOString(),
    extraction_jobs: omitEmpty(extractions?.map(extractionJson)),
    status: state && statusJson(state.status),
  });
}

/** The reading of a bucket; of its counts only those that are not zero. */
function extractionJson(job: ShownExtraction): JsonObject {
  const { found, template } = job;
  const data = dataJson(template.annotations, job.app);
  return present({
    status: statusJson(job.status),
    id: job.id,
    url: job.url,
    progress: present({
      audio_inputs_count: found.audio,
      image_inputs_count: found.image,
      video_inputs_count: found.video,
      text_inputs_count: found.text,
      failed_archives_count: job.failedArchives || undefined,
    }),
    created_at: new Date(job.createdMs).toISOString(),
    modified_at: new Date(job.modifiedMs).toISOString(),
    input_id_conflict_resolution: Object.entries(conflictResolutions).find(
      ([, number]) => number !== 0 && number === job.conflictResolution,
    )?.[0],
    input_template: omitEmptyObject(
      present({ dataset_ids: omitEmpty(template.datasetIds), data: omitEmptyObject(data) }),
    ),
  });
}

function omitEmptyObject(json: JsonObject): JsonObject | undefined {
  return Object.keys(json).length > 0 ? json : undefined;
}

function omitEmpty(list: readonly Json[] | undefined): readonly Json[] | undefined {
  return list !== undefined && list.length > 0 ? list : undefined;
}
