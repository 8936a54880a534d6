import type { JsonObject } from '../../wire/json.js';
import type { WireConcept, WireGeo } from '../../wire/messages.js';

/** What a patch says of an input. What is left out is not spoken of; an `overwrite` erases it. */
export interface Annotations {
  readonly concepts?: readonly WireConcept[] | undefined;
  readonly metadata?: JsonObject | undefined;
  readonly geo?: WireGeo | undefined;
  /** As the API spells them. */
  readonly regions?: readonly JsonObject[] | undefined;
}
