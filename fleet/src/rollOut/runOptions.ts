import type { RunOptions } from '../contract/runs.js';

const second = 1000;
const minute = 60 * second;

export const defaultOptions: RunOptions = {
  atATime: 20,
  quickLookOrgs: 50,
  historyEvents: 4000,
  timings: {
    heartbeatTimeout: 30 * second,
    attemptTimeout: 60 * minute,
    attempts: 10,
    firstRetryAfter: second,
    lastRetryAfter: minute,
    askForStackAgainAfter: 30 * second,
    workerTimeout: minute,
    quietAfter: minute,
    lookIsFreshFor: 60 * minute,
  },
};
