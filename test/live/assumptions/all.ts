import type { Assumption } from '../assumption.js';
import { adding } from './adding.js';
import { data } from './data.js';
import { datasets } from './datasets.js';
import { deleting } from './deleting.js';
import { errors } from './errors.js';
import { grpcWire } from './grpc-wire.js';
import { ids } from './ids.js';
import { media } from './media.js';
import { patchingData, patchingOthers } from './patching.js';
import { counting, reading, streaming } from './reading.js';

/** All that is tried, in this order: what counts and what looks at the newest inputs comes first. */
export const assumptions: readonly Assumption[] = [
  ...counting,
  ...reading,
  ...streaming,
  ...media,
  ...adding,
  ...ids,
  ...data,
  ...patchingData,
  ...patchingOthers,
  ...datasets,
  ...errors,
  ...grpcWire,
  ...deleting,
];
