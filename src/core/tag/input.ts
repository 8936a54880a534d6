import type { AppInput, Concept } from '../../api/answers.js';
import { valueAt, type Json } from '../../wire/json.js';
import { mediaOf, type MediaPlace } from '../../api/media.js';

/** Present or absent; a concept that is neither has no entry. */
export type Tags = ReadonlyMap<string, 1 | 0>;

/** The part of an input that the tagger keeps; all else is dropped. */
export interface TagInput {
  readonly id: string;
  /** The path it was added from where that was recorded, else its address; '' for neither. */
  readonly place: string;
  readonly media: MediaPlace | undefined;
  /** Facts about its media: `JPEG, 512 × 384`. */
  readonly facts: string;
  readonly concepts: readonly Concept[];
  readonly tags: Tags;
}

/** Where a picture is seen in a terminal, a smaller copy of it will do. */
const sizes = ['large', 'orig'];

/** Reads an input of the service. */
export function tagInput(input: AppInput): TagInput {
  const [media] = input.media;
  return {
    id: input.id,
    place: textOf(valueAt(input.metadata, ['path'])) || (media?.url ?? ''),
    media: mediaOf(input, sizes),
    facts: factsOf(media?.info),
    concepts: input.concepts,
    tags: new Map(input.concepts.map(({ id, value }) => [id, value === 0 ? 0 : 1])),
  };
}

function factsOf(info: Json | undefined): string {
  const format = ['format', 'video_format', 'audio_format'].map((name) => textOf(valueAt(info, [name]))).join('');
  const [width, height] = [valueAt(info, ['width']), valueAt(info, ['height'])];
  const seconds = valueAt(info, ['duration_seconds']);
  return [
    format,
    typeof width === 'number' && typeof height === 'number' ? `${width} × ${height}` : '',
    typeof seconds === 'number' ? `${Math.round(seconds)} s` : '',
  ]
    .filter((fact) => fact !== '')
    .join(', ');
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
