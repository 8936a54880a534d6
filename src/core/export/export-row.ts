import type { AppInput, AppMedia } from '../../api/answers.js';
import { isServiceCopy, textBeside } from '../../api/media.js';
import { isObject, type Json, type JsonObject } from '../../wire/json.js';

/** Which media an export fetches: those that only the service has, all, or none. */
export const mediaModes = ['own', 'all', 'none'] as const;
export type MediaMode = (typeof mediaModes)[number];

/** The row of an input as `add --manifest` reads it, with its status for people. */
export function exportRow(input: AppInput, media: JsonObject, datasetIds: readonly string[]): JsonObject {
  const { id, status, concepts, metadata, geo, regions, raw } = input;
  const kind = input.media[0]?.kind;
  const hasMetadata = metadata !== undefined && Object.keys(metadata).length > 0;
  return {
    id,
    ...(kind !== undefined && { type: kind }),
    ...media,
    ...(concepts.length > 0 && { concepts: concepts.map((concept) => ({ ...concept })) }),
    ...(hasMetadata && { metadata }),
    ...(geo !== undefined && { geo: [geo.longitude, geo.latitude] }),
    ...(datasetIds.length > 0 && { dataset_ids: [...datasetIds] }),
    ...(regions.length > 0 && { regions }),
    status: { code: status.code, description: status.description },
    ...(typeof raw['created_at'] === 'string' && { created_at: raw['created_at'] }),
  };
}

/** True for an input whose media is to be saved as a file. */
export function isFileNeeded({ media: [media] }: AppInput, mode: MediaMode, apiOrigin: string): boolean {
  if (media === undefined || mode === 'none' || (media.text !== undefined && media.hosted === undefined)) return false;
  return mode === 'all' || isOwn(media, apiOrigin);
}

/** What names an input's media in its row where no file is saved. */
export function mediaInRow({ media: [media] }: AppInput, apiOrigin: string): JsonObject {
  if (media === undefined) return {};
  if (media.text !== undefined) return { text: media.text };
  if (media.url === undefined || isOwn(media, apiOrigin)) return {};
  return { url: media.url, allow_duplicate_url: true };
}

function isOwn({ url, text, hosted }: AppMedia, apiOrigin: string): boolean {
  return isServiceCopy({ url, text, hostedPrefix: hosted?.prefix }, apiOrigin);
}

/** Parts of inputs that `add` can't send. */
const leftOut = ['frames', 'tracks', 'time_segments'] as const;

/** What an input has that an export can't keep, by the API's own names. */
export function partsNotExported({ raw, media }: AppInput): readonly string[] {
  const data: Json | undefined = raw['data'];
  const parts = leftOut.filter((name) => {
    const part = isObject(data) ? data[name] : undefined;
    return Array.isArray(part) && part.length > 0;
  });
  const kept = [media[0], textBeside({ media })];
  return [...parts, ...media.filter((one) => !kept.includes(one)).map(({ kind }) => kind)];
}
