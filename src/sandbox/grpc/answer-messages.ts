import { create, type DescMessage, fromJson, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { MediaKind, WireGeo } from '../../wire/messages.js';
import {
  ConceptSchema,
  type Data,
  DataSchema,
  type InputSchema,
  type Region,
  RegionSchema,
} from '../../wire/proto/inputs_pb.js';
import type { DatasetInputSchema, DatasetSchema } from '../../wire/proto/datasets_pb.js';
import type { InputsAddJobSchema, InputsExtractionJobSchema } from '../../wire/proto/jobs_pb.js';
import {
  AudioInfoSchema,
  AudioSchema,
  type Geo,
  GeoSchema,
  type HostedURL,
  HostedURLSchema,
  ImageInfoSchema,
  ImageSchema,
  TextInfoSchema,
  TextSchema,
  VideoInfoSchema,
  VideoSchema,
} from '../../wire/proto/media_pb.js';
import { type Status, StatusSchema } from '../../wire/proto/status_pb.js';
import type {
  ShownAddJob,
  ShownConcept,
  ShownDataset,
  ShownDatasetInput,
  ShownExtraction,
  ShownInput,
  ShownMedium,
} from '../operations/answers.js';
import { descriptionOf } from '../operations/descriptions.js';
import type { Annotations, App, End, StoredRegion } from '../state/records.js';
import { mutableStruct, regionInfoMessage } from './region-info.js';

// The time of inputs that were never stored, as a recording has it: the first day of the year 1
const noTimeMs = -62_135_596_800_000;

/** A status, as an answer or an input has it. */
export function statusMessage({ code, details = '' }: End, reqId = ''): Status {
  return create(StatusSchema, { code, description: descriptionOf(code), details, reqId });
}

/** An input. */
export function inputMessage(input: ShownInput): MessageInitShape<typeof InputSchema> {
  const { id, app, media, annotations, times, status } = input;
  return {
    id,
    data: create(DataSchema, { ...mediaMessages(media), ...annotationFields(annotations, app) }),
    createdAt: timestampFromMs(times?.createdMs ?? noTimeMs),
    ...(times && { modifiedAt: timestampFromMs(times.modifiedMs) }),
    status: statusMessage(status),
  };
}

/** A concept of an app. */
export function conceptMessage({ id, name, app }: ShownConcept): MessageInitShape<typeof ConceptSchema> {
  return { id, name, appId: app.app };
}

/** A dataset of an app. */
export function datasetMessage({ id, app, createdMs }: ShownDataset): MessageInitShape<typeof DatasetSchema> {
  const time = timestampFromMs(createdMs);
  return { id, createdAt: time, modifiedAt: time, appId: app.app, userId: app.user };
}

/** An input of a dataset. */
export function datasetInputMessage({
  joinedMs,
  input,
}: ShownDatasetInput): MessageInitShape<typeof DatasetInputSchema> {
  return { createdAt: timestampFromMs(joinedMs ?? noTimeMs), input: inputMessage(input) };
}

/** An add job; its progress is always there. */
export function addJobMessage({
  id,
  progress,
  state,
  extractions = [],
}: ShownAddJob): MessageInitShape<typeof InputsAddJobSchema> {
  return {
    id,
    progress: {
      pendingCount: BigInt(progress.pending),
      inProgressCount: BigInt(progress.inProgress),
      successCount: BigInt(progress.succeeded),
      failedCount: BigInt(progress.failed),
    },
    extractionJobs: extractions.map(extractionMessage),
    ...(state && {
      createdAt: timestampFromMs(state.createdMs),
      modifiedAt: timestampFromMs(state.modifiedMs),
      status: statusMessage(state.status),
    }),
  };
}

/** The reading of a bucket. */
export function extractionMessage(job: ShownExtraction): MessageInitShape<typeof InputsExtractionJobSchema> {
  const { id, url, found, failedArchives, template } = job;
  return {
    id,
    url,
    status: statusMessage(job.status),
    progress: {
      audioInputsCount: BigInt(found.audio ?? 0),
      imageInputsCount: BigInt(found.image ?? 0),
      videoInputsCount: BigInt(found.video ?? 0),
      textInputsCount: BigInt(found.text ?? 0),
      failedArchivesCount: BigInt(failedArchives),
    },
    createdAt: timestampFromMs(job.createdMs),
    modifiedAt: timestampFromMs(job.modifiedMs),
    inputIdConflictResolution: job.conflictResolution,
    inputTemplate: {
      data: create(DataSchema, annotationFields(template.annotations, job.app)),
      datasetIds: [...template.datasetIds],
    },
  };
}

function mediaMessages(media: readonly ShownMedium[]): Partial<Pick<Data, MediaKind>> {
  const { image, video, audio, text } = Object.fromEntries(media.map((medium) => [medium.kind, medium]));
  return {
    ...(image && { image: create(ImageSchema, { ...locate(image), imageInfo: infoOf(ImageInfoSchema, image) }) }),
    ...(video && { video: create(VideoSchema, { ...locate(video), videoInfo: infoOf(VideoInfoSchema, video) }) }),
    ...(audio && { audio: create(AudioSchema, { ...locate(audio), audioInfo: infoOf(AudioInfoSchema, audio) }) }),
    ...(text && { text: create(TextSchema, { ...locate(text), textInfo: infoOf(TextInfoSchema, text) }) }),
  };
}

type AnnotationFields = Partial<Pick<Data, 'concepts' | 'metadata' | 'geo' | 'regions'>>;

function annotationFields(annotations: Annotations, app: App): AnnotationFields {
  const { concepts = [], metadata, geo, regions = [] } = annotations;
  return {
    concepts: concepts.map(({ id, name, value }) =>
      create(ConceptSchema, { id, name, value: Math.fround(value), appId: app.app }),
    ),
    ...(metadata && Object.keys(metadata).length > 0 && { metadata: mutableStruct(metadata) }),
    ...(geo && { geo: geoMessage(geo) }),
    regions: regions.map((region) => regionMessage(region, app)),
  };
}

function geoMessage({ geo_point: { longitude, latitude } }: WireGeo): Geo {
  return create(GeoSchema, { geoPoint: { longitude: Math.fround(longitude), latitude: Math.fround(latitude) } });
}

function regionMessage(region: StoredRegion, app: App): Region {
  const { id, info, value = 0, trackId = '', annotations } = region;
  return create(RegionSchema, {
    id,
    trackId,
    value: Math.fround(value),
    regionInfo: info && regionInfoMessage(info),
    data: annotations && create(DataSchema, annotationFields(annotations, app)),
  });
}

interface MediumLocation {
  readonly url: string;
  readonly hosted: HostedURL | undefined;
}

function locate({ url = '', hosted }: ShownMedium): MediumLocation {
  const place = hosted && create(HostedURLSchema, { ...hosted, sizes: ['orig'], crossorigin: 'use-credentials' });
  return { url, hosted: place };
}

function infoOf<Desc extends DescMessage>(schema: Desc, { info }: ShownMedium): MessageShape<Desc> | undefined {
  return info && fromJson(schema, mutableStruct(info), { ignoreUnknownFields: true });
}
