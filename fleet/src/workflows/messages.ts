import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import {
  requestNames,
  statusName,
  type AbortRequest,
  type ApprovalRequest,
  type Claim,
  type ResumeRequest,
  type RollOutStatus,
} from '../contract.js';

export const approve = defineUpdate<void, [ApprovalRequest]>(requestNames.approve);
export const pause = defineSignal<[Claim]>(requestNames.pause);
export const resume = defineSignal<[ResumeRequest]>(requestNames.resume);
export const abort = defineSignal<[AbortRequest]>(requestNames.abort);
export const retry = defineSignal<[Claim]>(requestNames.retry);
export const status = defineQuery<RollOutStatus>(statusName);

/** A run that waits for a stack asks the stack's workflow to tell it: the argument is the id of the waiting workflow. */
export const tellWhenEnded = defineSignal<[string]>('tellWhenEnded');
/** The answer: the argument is the name of the stack. */
export const stackEnded = defineSignal<[string]>('stackEnded');
