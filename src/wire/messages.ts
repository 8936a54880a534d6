/** Bodies as the API spells them (snake_case). Source: the official proto files, told in `JSON`. */

export interface WireConcept {
  readonly id: string;
  /** Where it is not the id; only a new concept takes it. */
  readonly name?: string;
  readonly value?: number;
}

export interface WireGeo {
  readonly geo_point: { readonly longitude: number; readonly latitude: number };
}

/** The kinds of media. */
export const mediaKinds = ['image', 'video', 'audio', 'text'] as const;

export type MediaKind = (typeof mediaKinds)[number];

/** How `PATCH /inputs` takes what it is given. */
export const patchActions = ['merge', 'overwrite', 'remove'] as const;

export type PatchAction = (typeof patchActions)[number];

/** The eight counts of `GET /inputs/status`, all always printed. */
export const countNames = [
  'processed',
  'to_process',
  'errors',
  'processing',
  'reindexed',
  'to_reindex',
  'reindex_errors',
  'reindexing',
] as const;

export type CountName = (typeof countNames)[number];

/** Inputs a request may add, patch or name at most. Source: the vendor's page ("limited to sending 128 inputs at a time"). */
export const maxInputsPerRequest = 128;

/** Inputs a page may hold at most. Source: the proto's comment on `per_page`. */
export const maxPerPage = 1000;

/** Bytes of a request body at most; MB is 10^6. Source: the vendor's upload page ("128 MB per request"). */
export const maxBodyBytes = 128_000_000;
