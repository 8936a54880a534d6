import type { JsonObject } from '../../wire/json.js';
import type { WireConcept, WireGeo } from '../../wire/messages.js';

/** The annotations in a patch. Omitted fields stay, except with `overwrite`, which erases them. */
export interface Annotations {
  readonly concepts?: readonly WireConcept[] | undefined;
  readonly metadata?: JsonObject | undefined;
  readonly geo?: WireGeo | undefined;
  /** Regions as the API spells them. */
  readonly regions?: readonly JsonObject[] | undefined;
}
