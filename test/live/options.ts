import { parseArgs } from 'node:util';
import { baseUrl } from '../../src/api/network/base-url.js';
import { messageOf } from '../../src/errors.js';
import { transports, type Transport } from './assumption.js';
import type { Target } from './operations.js';

export const usage = `usage: CLARIFAI_PAT=KEY npm run live -- --app APP_ID [--user USER_ID] [--api-base URL]
       [--transport rest|grpc|both] [--yes] [--shared]

Tries what the API's contract assumes of the service, in an app that may be thrown away, and prints a table.

  --app APP_ID      the app to use
  --user USER_ID    its owner; the key's own by default
  --api-base URL    CLARIFAI_API_BASE or https://api.clarifai.com by default
  --transport NAME  rest, grpc or both; both by default
  --yes             do not ask before inputs are added, changed and deleted
  --shared          use the app even if it holds inputs that this command did not make

exit codes: 0 all is as assumed, 1 something is not, or could not be told, 2 usage, or nobody agreed`;

/** Thrown where nothing was done, and nothing will be until the command is called in another way. */
export class UsageError extends Error {
  /** Whether it helps to see how the command is called. */
  readonly isHelpful: boolean;

  constructor(message: string, isHelpful = true) {
    super(message);
    this.isHelpful = isHelpful;
  }
}

/** What a run is asked for. */
export interface LiveOptions {
  readonly target: Target;
  readonly transports: readonly Transport[];
  readonly yes: boolean;
  readonly shared: boolean;
}

/** Throws UsageError. */
export function parseLive(argv: readonly string[], env: NodeJS.ProcessEnv): LiveOptions {
  const values = parse(argv);
  const key = env['CLARIFAI_PAT'] ?? '';
  if (key === '') throw new UsageError('CLARIFAI_PAT is not set');
  if (argv.some((word) => word.includes(key))) throw new UsageError('the key belongs in CLARIFAI_PAT alone');
  if (!values.app) throw new UsageError('--app is missing: the id of an app that may be thrown away');
  const tried = values.transport === 'both' ? transports : transports.filter((name) => name === values.transport);
  if (tried.length === 0) throw new UsageError('--transport must be rest, grpc or both');
  const apiBase = values['api-base'] ?? env['CLARIFAI_API_BASE'] ?? 'https://api.clarifai.com';
  const target = { apiBase, userId: values.user, appId: values.app, key };
  try {
    baseUrl({ ...target, insecureHttp: false });
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
  return { target, transports: tried, yes: values.yes, shared: values.shared };
}

interface Values {
  readonly app?: string | undefined;
  readonly user: string;
  readonly 'api-base'?: string | undefined;
  readonly transport: string;
  readonly yes: boolean;
  readonly shared: boolean;
}

function parse(argv: readonly string[]): Values {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        app: { type: 'string' },
        user: { type: 'string', default: 'me' },
        'api-base': { type: 'string' },
        transport: { type: 'string', default: 'both' },
        yes: { type: 'boolean', default: false },
        shared: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}
