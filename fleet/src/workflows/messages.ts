import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import {
  requestNames,
  type AbortRequest,
  type ApprovalRequest,
  type Claim,
  type ResumeRequest,
} from '../contract/runs.js';
import { statusName, type RollOutStatus } from '../contract/status.js';

export const approve = defineUpdate<RollOutStatus, [ApprovalRequest]>(requestNames.approve);
export const pause = defineSignal<[Claim]>(requestNames.pause);
export const resume = defineSignal<[ResumeRequest]>(requestNames.resume);
export const abort = defineSignal<[AbortRequest]>(requestNames.abort);
export const retry = defineSignal<[Claim]>(requestNames.retry);
export const status = defineQuery<RollOutStatus>(statusName);
