import { DefaultFailureConverter } from '@temporalio/common';

/** Puts the messages of failures into payloads, so that a codec encrypts them too. Temporal loads it by its path. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
