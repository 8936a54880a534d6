/** What the sandbox tells its page, in JSON: the shapes that the server and the browser share. */

/** `open`: not indexed yet; `done`: usable; `failed`: will never be. */
export type Phase = 'open' | 'done' | 'failed';

export interface CardStatus {
  readonly code: number;
  readonly name: string;
  readonly phase: Phase;
  readonly details?: string | undefined;
}

export interface CardMedia {
  readonly kind: 'image' | 'video' | 'audio' | 'text';
  /** The path of hosted bytes on this server. */
  readonly path?: string | undefined;
  /** The type of hosted bytes, as HTTP names it. */
  readonly contentType?: string | undefined;
  /** An address elsewhere, to be shown and not to be fetched. */
  readonly url?: string | undefined;
}

interface CardConcept {
  readonly name: string;
  /** From 0, absent, to 1, present. */
  readonly value: number;
}

/** An input in brief; long texts are clipped. */
export interface Card {
  /** The order of adding, over all apps. */
  readonly seq: number;
  readonly user: string;
  readonly app: string;
  readonly id: string;
  /** The title that a person knows it by: the file name of `metadata.path`, else the id. */
  readonly title: string;
  readonly media: CardMedia | undefined;
  readonly status: CardStatus;
  readonly concepts: readonly CardConcept[];
  /** Top-level keys and their values as text. */
  readonly metadata: readonly (readonly [string, string])[];
  /** ISO 8601. */
  readonly createdAt: string;
}

export interface StatusCount extends CardStatus {
  readonly inputs: number;
}

export interface AppCount {
  readonly user: string;
  readonly app: string;
  readonly inputs: number;
}

export interface ConceptCount {
  readonly name: string;
  readonly inputs: number;
}

/** The answer to GET /page/inputs. */
export interface Listing {
  /** Inputs of all apps. */
  readonly total: number;
  /** Apps that have inputs, by name, whatever the filter says. */
  readonly apps: readonly AppCount[];
  /** Those that the filter lets through, as far as they are not newer than `upto`. */
  readonly matching: number;
  /** Those that the filter lets through and that are newer than `upto`. */
  readonly newer: number;
  /** The `seq` of the newest input; 0 where there is none. */
  readonly newest: number;
  /** How many inputs each status has, whatever the filter says of status. */
  readonly statuses: readonly StatusCount[];
  /** Concepts of the apps that the filter lets through. */
  readonly concepts: readonly ConceptCount[];
  /** The first input of `cards`, counted from the newest that matches. */
  readonly offset: number;
  readonly cards: readonly Card[];
}
