/** One request body on its way: raw bytes of files that went out so far. */
export interface SendingBytes {
  bytes: number;
}

/** How far an upload is, for whoever draws it; the figures only grow. */
export class Progress {
  /** Bytes of the sources known so far, without those that the app has. */
  totalBytes = 0;
  /** Sources that the app has: nothing of them is sent. */
  presentInputs = 0;
  /** Bytes of the inputs that the service has answered for. */
  sentBytes = 0;
  /** Inputs in those answers. */
  sentInputs = 0;
  /** True once every source is known, so that an end can be foretold. */
  sourcesKnown = false;
  readonly #active = new Set<SendingBytes>();
  #mostMoved = 0;

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

  /** The app has these. */
  present(inputs: readonly { readonly sizeBytes: number }[]): void {
    this.presentInputs += inputs.length;
    for (const { sizeBytes } of inputs) this.totalBytes -= sizeBytes;
  }

  /** Answered for and on the way; what a request that is sent again takes back stays counted. */
  get movedBytes(): number {
    let bytes = this.sentBytes;
    for (const sending of this.#active) bytes += sending.bytes;
    this.#mostMoved = Math.max(this.#mostMoved, bytes);
    return this.#mostMoved;
  }
}
