import { constants } from 'node:fs';
import type { JsonObject } from '../wire/json.js';
import type { MediaKind, WireConcept, WireGeo } from '../wire/messages.js';

/** Without blocking: opening a FIFO would wait for its writer. Windows has no such flag, and `|` takes its absence for 0. */
export const readFlags = constants.O_RDONLY | constants.O_NONBLOCK;

/** A file as it was when its id was made; if it is not that any more, nothing of it may be sent. */
export interface FileContent {
  readonly at: 'file';
  readonly path: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  /** Text only: its bytes within a JSON string, counted while it was read. Undefined for other media. */
  readonly jsonTextBytes: number | undefined;
  /** Width times height, where its first bytes tell them. */
  readonly pixels?: number | undefined;
}

export type InputContent =
  | FileContent
  | { readonly at: 'url'; readonly url: string; readonly allowDuplicate: boolean }
  | { readonly at: 'text'; readonly text: string };

/** What is sent beside an input's own media. */
export type NewAnnotations = Pick<NewInput, 'concepts' | 'metadata' | 'geo' | 'textBeside'>;

/** An input to add, as this tool thinks of it. */
export interface NewInput {
  /** Undefined: the service makes one. */
  readonly id: string | undefined;
  readonly kind: MediaKind;
  readonly content: InputContent;
  readonly concepts: readonly WireConcept[];
  readonly metadata: JsonObject | undefined;
  readonly geo: WireGeo | undefined;
  readonly datasetIds: readonly string[];
  /** A text that an image has beside it. */
  readonly textBeside?: string | undefined;
}
