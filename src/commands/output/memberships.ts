import { AccountError, ApiError } from '../../api/errors.js';
import { openMemberships, type DatasetMemberships } from '../../core/read/datasets.js';
import type { Session } from '../../session/session.js';

/** The datasets of an app and who is in them; none, with a warning, for a key that may not see them. */
export async function readMemberships(session: Session): Promise<DatasetMemberships> {
  try {
    return await openMemberships(await session.service());
  } catch (error) {
    if (!(error instanceof ApiError) || error instanceof AccountError) throw error;
    session.messages.info(`warning: which datasets inputs are in is left out: ${error.message}`);
    return { datasets: [], datasetsOf: () => [] };
  }
}
