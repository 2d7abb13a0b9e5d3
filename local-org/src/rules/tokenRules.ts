import type { OrgRule } from './orgRule.js';

/** How the settings affect access tokens. Enforced in `src/identity/` and `src/server/identityApps.ts`. */
export const tokenRules = {
  tokenFormat: {
    rule: 'Tokens issued after a change have the format of the settings; tokens issued before keep theirs.',
    certainty: 'documented',
    source: 'release notes; that tokens issued before keep format and expiry is inference',
  },
  policiesJwtField: {
    rule: "The policies' own isNamedUserJwtEnabled (61.0 to 63.0) alone makes tokens JWT-based.",
    certainty: 'inference',
    source: 'the field is deprecated; its effect is not documented',
    initially: 'off',
  },
  jwtLife: {
    rule: "A JWT lives for its timeout with Custom, for the user's session timeout with UserSession, and use does not extend it.",
    certainty: 'documented',
    source: 'type page, help article',
  },
  opaqueLife: {
    rule: 'sessionTimeoutInMinutes applies to opaque tokens only, and use extends them.',
    certainty: 'documented',
    source: 'type page',
  },
  spread: {
    rule: 'A change of settings may need up to 15 minutes to reach the token endpoint.',
    certainty: 'documented',
    source: 'help article',
    switch: 'spreadMs',
  },
} as const satisfies Record<string, OrgRule>;
