import { descriptionOf } from '../operations/descriptions.js';
import { keys } from '../state/keys.js';
import { countOf, isFailure, statusAt } from '../state/lifecycle.js';
import type { Card, CardMedia, CardStatus, Phase } from './listing.js';
import type { End, StoredInput } from '../state/records.js';
import type { Json } from '../../wire/json.js';
import { mediaKinds } from '../../wire/messages.js';

// A card has room for little: a page of cards must stay small whatever an input holds
const most = { concepts: 12, metadata: 6, nameLength: 80, valueLength: 160, urlLength: 300, titleLength: 120 };

/** An input in brief, as it is at `now`. */
export function cardOf(input: StoredInput, now: number): Card {
  const { app, id, seq, annotations } = input;
  return {
    seq,
    ...app,
    id,
    title: clipText(fileNameOf(annotations.metadata?.['path']) ?? id, most.titleLength),
    media: mediaOf(input),
    status: cardStatus(statusAt(input, now)),
    concepts: (annotations.concepts ?? []).slice(0, most.concepts).map(({ name, value }) => ({
      name: clipText(name, most.nameLength),
      value,
    })),
    metadata: Object.entries(annotations.metadata ?? {})
      .slice(0, most.metadata)
      .map(([key, value]) => [clipText(key, most.nameLength), clipText(textOf(value), most.valueLength)]),
    createdAt: new Date(input.createdMs).toISOString(),
  };
}

/** A status with its name, and whether it is the last one. */
export function cardStatus(end: End): CardStatus {
  return { ...end, name: descriptionOf(end.code), phase: phaseOf(end.code) };
}

/** All that a search looks at, normalized. */
export function searchText({ id, media, annotations }: StoredInput): string {
  const urls = mediaKinds.map((kind) => media[kind]?.url ?? '');
  const concepts = (annotations.concepts ?? []).flatMap((concept) => [concept.id, concept.name]);
  const metadata = Object.entries(annotations.metadata ?? {}).flatMap(([key, value]) => [key, textOf(value)]);
  return normalizeForSearch([id, ...urls, ...concepts, ...metadata].join('\n'));
}

/** A text without differences of case and of Unicode's forms, as searches compare it. */
export function normalizeForSearch(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

function phaseOf(code: number): Phase {
  if (isFailure(code)) return 'failed';
  return countOf(code) === 'processed' || countOf(code) === 'reindexed' ? 'done' : 'open';
}

function mediaOf({ app, media }: StoredInput): CardMedia | undefined {
  const kind = mediaKinds.find((name) => media[name] !== undefined);
  if (kind === undefined) return undefined;
  const { url, hosted } = media[kind] ?? {};
  return {
    kind,
    path: hosted && `/media/${keys.app(app)}/${hosted.hash}`,
    contentType: hosted?.contentType,
    url: url === undefined ? undefined : clipText(url, most.urlLength),
  };
}

/** The last part of a path, of Windows too; undefined for what names no file. */
function fileNameOf(path: Json | undefined): string | undefined {
  const name = typeof path === 'string' ? path.split(/[/\\]/).at(-1)?.trim() : undefined;
  return name === '' ? undefined : name;
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function clipText(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
