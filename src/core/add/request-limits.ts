import type { RequestSizes } from '../../api/service.js';

/** How large a request is. */
export interface RequestSize {
  readonly inputs: number;
  /** Bytes of the encoded body. */
  readonly bytes: number;
}

/**
 * The limits of one request: as they were asked for at first, then as the service's refusals teach. All that cut and
 * send batches share them, so that what one batch learns holds for the rest of the run.
 */
export class RequestLimits {
  /** Tells how large an input is in a request. */
  readonly sizes: RequestSizes;
  #max: RequestSize;
  /** The most that the service took, by each measure: the limits never fall below. */
  #taken: RequestSize = { inputs: 1, bytes: 0 };

  constructor(max: RequestSize, sizes: RequestSizes) {
    this.sizes = sizes;
    this.#max = { ...max, bytes: Math.min(max.bytes, sizes.maxRequestBytes) };
  }

  /** True if a request of this size may be sent. One input goes whatever its size: the service will tell. */
  allow({ inputs, bytes }: RequestSize): boolean {
    return inputs <= 1 || (inputs <= this.#max.inputs && bytes <= this.#max.bytes);
  }

  /** A request of this size was answered. */
  took({ inputs, bytes }: RequestSize): void {
    this.#taken = { inputs: Math.max(this.#taken.inputs, inputs), bytes: Math.max(this.#taken.bytes, bytes) };
  }

  /** A body of this size was refused as too large. */
  tooLarge({ bytes }: RequestSize): void {
    this.#max = { ...this.#max, bytes: Math.max(this.#taken.bytes, Math.min(this.#max.bytes, bytes / 2)) };
  }

  /** Time ran out over so many inputs. */
  tooSlow({ inputs }: RequestSize): void {
    this.#max = {
      ...this.#max,
      inputs: Math.max(this.#taken.inputs, Math.min(this.#max.inputs, Math.ceil(inputs / 2))),
    };
  }
}
