import type { OrgRule } from './orgRule.js';

/** Requirements of a deployed component, and what the org then stores. Enforced in `src/deploy/`. */
export const componentRules = {
  typeVersions: {
    rule: "A type that the package's API version does not have is refused.",
    certainty: "Salesforce's tools",
    source: 'registry of source-deploy-retrieve (59.0, plugin policies 60.0)',
  },
  fullNames: {
    rule: 'A full name consists of letters, digits and underscores and begins with a letter.',
    certainty: 'documented',
    source: 'developer names; text: as orgs word it for other names',
  },
  rootElement: {
    rule: "The root element is the type's own, in the metadata namespace.",
    certainty: 'documented',
    source: 'schema of 67.0; text: public issue threads',
  },
  unknownElements: {
    rule: 'An element that the schema does not have is refused at its place, inside structures too.',
    certainty: 'documented',
    source: 'schema of 67.0; text: public issue threads',
  },
  storedUnknownElements: {
    rule: 'An unknown element that the stored component has is taken back: it came from the org.',
    certainty: 'inference',
    source: 'files that were retrieved and deployed unchanged',
    initially: 'on',
  },
  elementVersions: {
    rule: "An element newer than the package's API version, or gone from it, is refused: `Property … not valid in version …`.",
    certainty: 'documented',
    source:
      "the WSDLs of 60.0 to 68.0 (the policies' own isNamedUserJwtEnabled 61.0 to 63.0); text: several projects",
  },
  repeatedElements: {
    rule: 'An element that the schema allows once is refused if it occurs twice.',
    certainty: 'documented',
    source: 'schema of 67.0; text: public issue threads',
  },
  elementOrder: {
    rule: 'Elements out of alphabetical (ASCII) order are refused.',
    certainty: 'one report',
    source: "the schema's sequences, and one project (“rejected outright”); another one saw them dropped",
    initially: 'on',
  },
  unorderedElementsDropped: {
    rule: 'Elements out of order are dropped instead of refused.',
    certainty: 'one report',
    source: 'one project, against one',
    initially: 'off',
  },
  storedOrder: {
    rule: 'A component that is stored out of order may come back that way.',
    certainty: 'inference',
    source: 'files that were retrieved and deployed unchanged',
    initially: 'on',
  },
  valueTypes: {
    rule: 'A value that is not a boolean or integer where the schema requires one is refused, as is an element inside a simple value.',
    certainty: 'documented',
    source: 'schema of 67.0; texts: public issue threads',
  },
  enumValues: {
    rule: 'A value that an enum does not have is refused: `… is not a valid value for the enum …`.',
    certainty: 'documented',
    source: 'schema of 67.0; text: one project',
  },
  timeoutMinutes: {
    rule: 'A JWT timeout is one of 1 5 10 15 30 minutes, from 65.0 on also 60 90 120 240 480 720.',
    certainty: 'documented',
    source: 'type page; text: as orgs word other picklists',
  },
  requiredElements: {
    rule: 'externalClientApplication, and isEnabled of the plugin policies, are there and not empty; so are the required parts of structures.',
    certainty: 'documented',
    source: 'schema of 67.0; `Enter the name of the parent external client app`: one project',
  },
  customNeedsTimeout: {
    rule: 'From 65.0 on the session timeout type Custom without its timeout is refused.',
    certainty: 'inference',
    source: 'it is documented that Custom uses the timeout; refusal and text are inference',
    initially: 'on',
  },
  userSessionWithoutTimeout: {
    rule: 'From 65.0 on the session timeout type UserSession with a timeout is refused.',
    certainty: 'inference',
    source: 'documented is that the timeout has to be left out; refusal and text are inference',
    initially: 'on',
  },
  sessionSettings: {
    rule: "The session timeout of the org's security settings is one of a fixed set, NinetyMinutes from 58.0 on.",
    certainty: 'documented',
    source: 'type page; text: that of any enum. Of the type Settings the local org has only Security',
  },
  deployPermission: {
    rule: 'Developers deploy settings and policies, subscriber admins policies, others nothing: `INSUFFICIENT_ACCESS_OR_READONLY`.',
    certainty: 'documented',
    source: 'permissions ExternalClientAppDeveloper, ExternalClientAppAdmin; text: as orgs word it elsewhere',
  },
  installedApps: {
    rule: 'Of an installed app only the policies can be deployed.',
    certainty: 'documented',
    source: 'type pages: packaged are the header and the OAuth settings, set by the developer',
  },
  installedAppNames: {
    rule: 'A file of an installed app names it with or without its namespace.',
    certainty: 'inference',
    source: 'not documented',
    initially: 'on',
  },
  missingApp: {
    rule: 'A component of an app that does not exist is refused: `INVALID_CROSS_REFERENCE_KEY`.',
    certainty: 'documented',
    source: 'type pages; the rest of the text is inference',
  },
  oneComponentAnApp: {
    rule: 'An app has one component of each other type; a second one is refused: `DUPLICATE_VALUE`.',
    certainty: 'documented',
    source: 'type pages; the two texts: one project each',
  },
  oauthSettingsBesideGlobal: {
    rule: "New global OAuth settings need the app's OAuth settings.",
    certainty: 'one report',
    source: 'one project, with its text',
    initially: 'on',
  },
  foreignOauthLink: {
    rule: 'OAuth settings of a local app with the oauthLink of another org are refused.',
    certainty: 'one report',
    source: 'one project; known of the text are its two ends',
    initially: 'on',
  },
  pluginSettings: {
    rule: 'Policies with namedUserJwtSessionTimeoutType or sessionTimeoutInMinutes are refused while JWT is off: `Invalid plugin settings`.',
    certainty: 'one report',
    source: 'one project, weakly',
    switch: 'refusePluginSettings',
  },
  guestFlowNeedsJwt: {
    rule: 'Policies with isGuestCodeCredFlowEnabled are refused while JWT is off.',
    certainty: 'inference',
    source: 'it is documented that the flow needs JWT; it is not documented what an org does without it',
    initially: 'off',
  },
  omittedElementsReset: {
    rule: 'A deploy replaces the component: an element of its version that it omits is reset to its default.',
    certainty: 'one report',
    source: 'two sources',
    initially: 'on',
  },
  otherVersionsKept: {
    rule: "An element that the deploy's version does not have stays as it is.",
    certainty: 'inference',
    source: 'a deploy cannot contain it',
    initially: 'on',
  },
  booleansShown: {
    rule: 'Global OAuth settings show every boolean, an omitted one with its default: true for isPkceRequired and isSecretRequiredForRefreshToken, false for the others.',
    certainty: 'several reports',
    source: 'nine public files; the defaults: type page',
  },
  omittedCertificateCleared: {
    rule: 'A deploy of global OAuth settings without the certificate clears it.',
    certainty: 'one report',
    source: 'one project lost the sign-in of a live org',
    initially: 'on',
  },
  certificateNotReturned: {
    rule: 'An org that does not return certificates keeps them when a deploy has none.',
    certainty: 'one report',
    source: 'that some orgs return none is one report against one; that they keep it is inference',
    switch: 'returnCertificate',
  },
  consumerKeyKept: {
    rule: 'A deploy without the consumer key keeps it.',
    certainty: 'one report',
    source: 'one project',
    initially: 'on',
  },
  consumerKeyMade: {
    rule: 'New global OAuth settings without a consumer key get one.',
    certainty: 'one report',
    source: 'one project: a new org makes its own',
    initially: 'on',
  },
  otherConsumerKeyIgnored: {
    rule: 'A deploy with another consumer key succeeds and keeps the old one.',
    certainty: 'one report',
    source: 'one project',
    initially: 'on',
  },
  rotation: {
    rule: 'shouldRotateConsumerKey and shouldRotateConsumerSecret make new credentials and are then false.',
    certainty: 'documented',
    source: 'type page; that they go back to false: nine public files',
  },
  shownSecretStays: {
    rule: 'A deploy cannot change the consumer secret that the stored text shows.',
    certainty: 'inference',
    source: 'as with the consumer key',
    initially: 'on',
  },
  pkceStays: {
    rule: 'A deploy that sets isPkceRequired from true to false succeeds and changes nothing.',
    certainty: 'one report',
    source: 'one project read true back',
    initially: 'off',
  },
  removedTypeIsUserSession: {
    rule: 'A deploy that removes a session timeout type leaves UserSession in its place.',
    certainty: 'inference',
    source:
      'public files: no type before the policies are initialised, UserSession from then on; no removal has been reported',
    initially: 'off',
  },
  timeoutKeptBesideUserSession: {
    rule: 'A deploy that removes the timeout of the session timeout type UserSession leaves it, and it is taken back.',
    certainty: 'inference',
    source:
      'it is documented that the timeout must be left out; what an org does with the existing one has not been reported',
    initially: 'off',
  },
  defaultPolicies: {
    rule: 'A new app that is deployed with OAuth and without policies gets both, named `<App>_defaultPolicy`.',
    certainty: 'one report',
    source: 'one project; their values are inference',
    initially: 'on',
  },
} as const satisfies Record<string, OrgRule>;
