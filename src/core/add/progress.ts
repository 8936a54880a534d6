/** One request body on its way: raw bytes of files that went out so far. */
export interface SendingBytes {
  bytes: number;
}

/** How far an upload is, for whoever draws it; the figures only grow, but for what a repeated request takes back. */
export class Progress {
  /** Of sources known so far. */
  totalBytes = 0;
  /** Of inputs that the service has answered for. */
  sentBytes = 0;
  /** Inputs in those answers. */
  sentInputs = 0;
  /** True once every source is known, so that an end can be foretold. */
  sourcesKnown = false;
  readonly #active = new Set<SendingBytes>();

  start(): SendingBytes {
    const sending = { bytes: 0 };
    this.#active.add(sending);
    return sending;
  }

  end(sending: SendingBytes): void {
    this.#active.delete(sending);
  }

  /** The service answered for these. */
  answered(inputs: readonly { readonly sizeBytes: number }[]): void {
    this.sentInputs += inputs.length;
    for (const { sizeBytes } of inputs) this.sentBytes += sizeBytes;
  }

  /** Answered for and on the way. */
  get movedBytes(): number {
    let bytes = this.sentBytes;
    for (const sending of this.#active) bytes += sending.bytes;
    return bytes;
  }
}
