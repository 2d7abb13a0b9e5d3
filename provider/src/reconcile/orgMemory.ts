import type { OrgView } from './orgView.js';

/** What the walks of one run remember of an org. */
export interface OrgMemory {
  /** The org refused JWT policies together with the token format: deploy them one after the other from now on. */
  deploysInTwoSteps: boolean;
  /** What was seen of it. */
  readonly view: OrgView;
}
