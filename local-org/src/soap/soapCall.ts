import type { OrgState, UserSession } from '../org/orgState.js';
import type { XmlElement, XmlValue } from '../xml.js';

/** A call of the Metadata API with its session. */
export interface SoapCall {
  org: OrgState;
  user: UserSession['user'];
  /** Of the endpoint, for example 66. */
  version: number;
  /** The operation element. */
  parameters: XmlElement;
}

/** An operation: its result, which is written as `result`. Throws SoapFault. */
export type SoapOperation = (call: SoapCall) => XmlValue | Promise<XmlValue>;
