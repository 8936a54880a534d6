import { ApiError, UnavailableError, type Refusal } from '../api/errors.js';
import type { RecordStatus } from '../core/model/steps.js';
import { CliError, exitCodeOfError, exitCodes, messageOf } from '../errors.js';
import type { Colours } from './colour.js';
import { masked, plain, safeJson } from './text.js';

export interface FailureForm {
  /** As a JSON object, for a script that asked for JSON. */
  readonly json: boolean;
  readonly verbose: boolean;
}

const bugHint = 'this is a bug: run it again with -v and report what it prints, with the version';

/** An error as its user sees it: what failed and on what, then the next step. The only place that words an error. */
export function failureText(error: unknown, form: FailureForm): string {
  const exitCode = exitCodeOfError(error);
  const hint = error instanceof CliError ? error.hint : bugHint;
  const refusal = refusalOf(error);
  if (form.json) {
    const { code, httpStatus, reqId } = refusal ?? {};
    return `${safeJson({ error: { message: masked(messageOf(error)), hint: hint && masked(hint), exit_code: exitCode, code, http_status: httpStatus, req_id: reqId } })}\n`;
  }
  const lines = [`error: ${plain(messageOf(error))}`];
  if (hint !== undefined) lines.push(`hint: ${plain(hint)}`);
  if (form.verbose) lines.push(...detailLines(error, refusal));
  return lines.map((line) => `${line}\n`).join('');
}

/**
 * One input that could not be added, changed or saved: a line with its code and what was said, or a JSON object.
 *
 * @param subject - the source or the id; null for a row that names no input
 */
export function failedInputText(
  subject: string | null,
  { code, name, description }: RecordStatus,
  form: Colours | 'json',
): string {
  const status = code === null ? '' : `${code} ${name}: `;
  const what = `${subject === null ? '' : `${subject}: `}${status}${description}`;
  if (form !== 'json') return `${form.red('failed:')} ${plain(what)}\n`;
  const error = { message: masked(what), exit_code: exitCodes.partial, ...(code === null ? {} : { code }) };
  return `${safeJson({ error })}\n`;
}

function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof ApiError || error instanceof UnavailableError) return error.refusal;
  return undefined;
}

function detailLines(error: unknown, refusal: Refusal | undefined): readonly string[] {
  const lines: string[] = [];
  if (refusal?.reqId !== undefined) lines.push(`req_id: ${plain(refusal.reqId)}`);
  for (let cause = causeOf(error); cause !== undefined; cause = causeOf(cause)) {
    lines.push(`cause: ${plain(messageOf(cause))}`);
  }
  if (!(error instanceof CliError) && error instanceof Error) {
    lines.push(...(error.stack ?? '').split('\n').slice(1).map(plain));
  }
  return lines;
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}
