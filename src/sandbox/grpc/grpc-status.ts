/** The codes that end a call, as far as they are used here. Source: grpc's doc/statuscodes.md */
export const grpcCodes = {
  ok: 0,
  cancelled: 1,
  deadlineExceeded: 4,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const;

export type GrpcCode = (typeof grpcCodes)[keyof typeof grpcCodes];

/** A call that ends without an answer: what went wrong is not the application's business, but the transport's. */
export class GrpcError extends Error {
  readonly code: GrpcCode;

  constructor(code: GrpcCode, message: string) {
    super(message);
    this.name = 'GrpcError';
    this.code = code;
  }
}

/** The trailers that say how a call ended. */
export function trailersOf(code: GrpcCode, message = ''): Readonly<Record<string, string>> {
  // Percent-encoded, as grpc's doc/PROTOCOL-HTTP2.md wants it of all but printable ASCII
  return { 'grpc-status': String(code), ...(message !== '' && { 'grpc-message': encodeURI(message) }) };
}
