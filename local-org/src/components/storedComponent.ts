import type { ComponentTypeName } from './types.js';

/** Who changed a component and when. */
export interface ChangeStamp {
  userId: string;
  userName: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** A component as the org stores it. */
export interface StoredComponent {
  readonly type: ComponentTypeName;
  readonly fullName: string;
  /** 18 characters. */
  readonly id: string;
  /** Exactly as it was deployed, seeded or written. */
  readonly xml: string;
  /** Of global OAuth settings: the secret, which the XML itself often does not contain. */
  readonly consumerSecret: string | undefined;
  readonly created: ChangeStamp;
  readonly modified: ChangeStamp;
}
