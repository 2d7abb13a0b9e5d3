import type { JwtSessionTimeoutType, JwtTimeout } from 'pulumi-salesforce-eca';

/** The settings of one app: its name, which is the same in every org, and values; no id, key or link of an org. */
export interface AppSettings {
  externalClientApplication: string;
  isNamedUserJwtEnabled?: boolean;
  namedUserJwtSessionTimeoutType?: JwtSessionTimeoutType;
  namedUserJwtTimeout?: JwtTimeout;
  guestJwtSessionTimeoutType?: JwtSessionTimeoutType;
  guestJwtTimeout?: JwtTimeout;
}

/** Settings by the name of the resource. */
export type Settings = Record<string, AppSettings>;

/** What the first stage declares. Every later stage gets what the stage before it has verified. */
export const firstStageSettings: Settings = {
  gateway: {
    externalClientApplication: 'Agent_Gateway',
    isNamedUserJwtEnabled: true,
    namedUserJwtTimeout: 30,
  },
  partners: {
    externalClientApplication: 'Partner_API',
    namedUserJwtTimeout: 60,
  },
};
