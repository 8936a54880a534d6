/** An answer as it goes over HTTP/1.1. */
export interface Reply {
  readonly http: number;
  readonly contentType: string;
  readonly content: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}
