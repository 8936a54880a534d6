/** The statuses of gRPC. Source: its page on status codes. */
export const grpcStatus = {
  ok: 0,
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  outOfRange: 11,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  dataLoss: 15,
  unauthenticated: 16,
} as const;

/** `RESOURCE_EXHAUSTED`, as gRPC spells it. */
export function nameOfGrpcStatus(status: number): string {
  const name = Object.entries(grpcStatus).find(([, number]) => number === status)?.[0] ?? 'unknown';
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/**
 * What a status means for the next try. `lost`: the service may have done the work. `limit`: too much at once, or too
 * much for one request.
 */
export type GrpcVerdict = 'busy' | 'lost' | 'limit' | 'account' | 'refused';

const verdicts: ReadonlyMap<number, GrpcVerdict> = new Map<number, GrpcVerdict>([
  [grpcStatus.unavailable, 'busy'],
  [grpcStatus.deadlineExceeded, 'busy'],
  [grpcStatus.resourceExhausted, 'limit'],
  [grpcStatus.unauthenticated, 'account'],
  [grpcStatus.permissionDenied, 'account'],
  [grpcStatus.invalidArgument, 'refused'],
  [grpcStatus.notFound, 'refused'],
  [grpcStatus.alreadyExists, 'refused'],
  [grpcStatus.failedPrecondition, 'refused'],
  [grpcStatus.outOfRange, 'refused'],
  [grpcStatus.unimplemented, 'refused'],
]);

/** A status that gRPC does not know is UNKNOWN, by which nothing is said of the work. */
export function verdictOnStatus(status: number): GrpcVerdict {
  return verdicts.get(status) ?? 'lost';
}
