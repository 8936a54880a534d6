import { errorCode, messageOf } from '../../errors.js';

/** Explains a failed read to a user. */
export function readFailure(error: unknown): string {
  switch (errorCode(error)) {
    case 'ENOENT':
      return isMangledPath(error)
        ? 'no such file, or its name is not UTF-8, which Node.js can not open'
        : 'no such file';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EISDIR':
      return 'a folder, not a file';
    case 'ELOOP':
      return 'a symbolic link that leads to itself';
    case 'ENXIO':
      return 'not a regular file';
    default:
      return messageOf(error);
  }
}

/** Bytes of a name that are no UTF-8 have become U+FFFD by the time they are seen. */
function isMangledPath(error: unknown): boolean {
  return error instanceof Error && 'path' in error && String(error.path).includes('\ufffd');
}
