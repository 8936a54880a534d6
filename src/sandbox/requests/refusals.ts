import { statusCodes } from '../../wire/status.js';

/** A request that is answered with nothing but a status. */
export class Refusal extends Error {
  readonly code: number;
  readonly details: string | undefined;

  constructor(code: number, details?: string) {
    super(details ?? String(code));
    this.name = 'Refusal';
    this.code = code;
    this.details = details;
  }
}

/** The body or a field of it cannot be read. */
export function badFormat(details: string): Refusal {
  return new Refusal(statusCodes.badRequestFormat, details);
}

/** The request was read and asks for what cannot be. */
export function invalidRequest(details: string): Refusal {
  return new Refusal(statusCodes.invalidRequest, details);
}

/** No such input, or no such route. */
export function notFound(details?: string): Refusal {
  return new Refusal(statusCodes.doesNotExist, details);
}
