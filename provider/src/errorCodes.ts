/**
 * The code of each kind of message, and what it means: 1xxx sign-in and network, 2xxx inputs, 3xxx the app, 4xxx guards, 5xxx refused by
 * the org, 6xxx waiting, 7xxx other people's changes, 8xxx the commands, 9xxx responses that are not used.
 *
 * Each kind has one cause, one remedy and one entry in docs/troubleshooting.md. A code is stable: it keeps its meaning even if its
 * message changes, and the code of a removed kind is not used again.
 */
export const errorCodes = {
  // Configuration
  ECA1001: 'No sign-in method is fully configured.',
  ECA1002: 'More than one sign-in method is configured.',
  ECA1003: 'A setting of the chosen sign-in method is missing.',
  ECA1004: 'The address of an org is not an https address.',
  ECA1005: 'The address of an org is a Lightning address, which has no API.',
  ECA1006: 'The API version is not supported by this release.',
  ECA1007: 'The time limit of a wait is not a number of minutes.',
  ECA1008: 'The preview mode does not exist.',
  ECA1009: 'The access token contains characters that are not allowed.',
  ECA1010: 'The SFDX auth URL is malformed.',
  ECA1011: 'The target org is not an alias or username of the Salesforce CLI.',
  ECA1012: 'salesforce:orgs is not an object of aliases.',
  ECA1013: 'An entry of salesforce:orgs is not an object.',
  ECA1014: 'An entry of salesforce:orgs has a key that is not a setting.',
  ECA1015: 'A setting in salesforce:orgs is not a string or a number.',
  ECA1016: 'The org of a resource is not an alias in salesforce:orgs.',
  ECA1017: 'The org of a resource is not a string.',
  ECA1018: 'Warning: a credential is not set as a secret.',
  ECA1019: 'Warning: the provider process will not find the package.',
  ECA1020: 'Warning: a key of the configuration is not a setting.',
  ECA1021: 'The version of Node.js is too old.',

  // The private key
  ECA1101: 'The private key is neither PEM nor a readable file.',
  ECA1102: 'The private key has lost its line breaks.',
  ECA1103: 'Warning: other users of the machine can read or change the file of the private key.',
  ECA1104: 'The private key is encrypted.',
  ECA1105: 'The private key is not in PEM form.',
  ECA1106: 'The private key is not an RSA key.',
  ECA1107: 'The private key is too short.',
  ECA1108: 'Signing with the private key failed.',

  // The org refuses the sign-in
  ECA1201: 'The user has not approved the app.',
  ECA1202: 'The user lacks a permission set or profile that the app requires.',
  ECA1203: 'The app was not found in the org.',
  ECA1204: 'The org does not accept the consumer key.',
  ECA1205: 'The org does not accept the audience of the assertion.',
  ECA1206: 'The private key does not match the certificate of the app.',
  ECA1207: 'The org considers the assertion expired.',
  ECA1208: 'The app has no Run As user, or no client credentials flow.',
  ECA1209: 'The refresh token has expired or was used.',
  ECA1210: 'The flow is not available at this address.',
  ECA1211: 'The org blocks apps that are not installed.',
  ECA1212: 'A policy of the org, or the state of the user, forbids the sign-in.',
  ECA1213: 'The app lacks a scope.',
  ECA1214: 'The IP address of this machine is not allowed.',
  ECA1215: 'The user has signed in too often.',
  ECA1216: 'The consumer key and secret do not match.',
  ECA1217: "The audience must be set for an address that is not known to be Salesforce's.",
  ECA1218: 'External client apps can sign in only at the My Domain address.',
  ECA1219: 'The org refused the sign-in, for an unknown reason.',

  // The org refuses the session
  ECA1301: 'The access token has expired, was revoked, or belongs to another org.',
  ECA1302: 'The org also refuses a new session.',
  ECA1303: 'The org refuses the session of the Salesforce CLI.',

  // The Salesforce CLI
  ECA1401: 'There is no Salesforce CLI on PATH.',
  ECA1402: 'The Salesforce CLI could not be started.',
  ECA1403: 'A command of the Salesforce CLI did not finish in time.',
  ECA1404: 'A command of the Salesforce CLI did not return JSON.',
  ECA1405: 'A command of the Salesforce CLI failed.',
  ECA1406: 'The Salesforce CLI returned no address of the org.',
  ECA1407: 'The Salesforce CLI returned no access token.',
  ECA1408: 'The org of the Salesforce CLI is at another address than the configured one.',

  // The network
  ECA1501: 'The connection was refused.',
  ECA1502: 'The host name could not be resolved.',
  ECA1503: 'The connection or the response timed out.',
  ECA1504: 'A secure connection could not be made.',
  ECA1505: 'The connection was lost before the response.',
  ECA1506: 'The response was cut off or is damaged.',
  ECA1507: 'The response exceeds its size limit.',
  ECA1508: 'The response is a redirect, which is not followed.',
  ECA1509: 'The request was cancelled.',
  ECA1510: 'The request failed.',
  ECA1511: 'The proxy refused to connect to the host.',
  ECA1512: 'The request could not be prepared.',

  // Something else answers
  ECA1601: "The response is not one of the org's API.",
  ECA1602: 'The response to a sign-in has no access token or instance URL.',
  ECA1603: 'The sign-in led to another address than the configured one.',
  ECA1604: 'The sign-in led to an address of this machine.',
  ECA1605: 'A new sign-in led to another address.',
  ECA1606: 'The org offers no API version that this release supports.',
  ECA1607: 'The call failed before it was sent.',

  // Another org than expected
  ECA1701: 'The sign-in leads to another org than the one in the state, or in the id of an import.',
  ECA1702: 'A new sign-in led to another org.',
  ECA1703: 'The org that a new sign-in led to is not known.',

  // Inputs
  ECA2001: 'The name of the app is missing.',
  ECA2002: 'The name of the app is not a developer name.',
  ECA2003: 'A value is not true or false.',
  ECA2004: 'A timeout type is not allowed.',
  ECA2005: 'A timeout is not allowed.',
  ECA2006: 'The list of allowed guards contains something that is not a guard.',
  ECA2007: 'The resource has no such input.',
  ECA2008: 'No setting is set.',
  ECA2009: 'A timeout type needs a timeout.',
  ECA2010: 'A timeout has no effect with the timeout type.',
  ECA2011: 'A timeout has no effect while JWT-based access tokens are off.',
  ECA2012: 'Another resource manages the same setting.',
  ECA2013: 'A field needs a newer API version.',
  ECA2014: 'A value needs a newer API version than the configured one.',
  ECA2015: 'A value needs a newer API version than the one in use.',

  // The app
  ECA3001: 'The app does not exist.',
  ECA3002: 'The app is a connected app.',
  ECA3003: 'The org returned no external client apps at all.',
  ECA3004: 'The org did not return the app.',
  ECA3005: 'The org did not return a component of the app.',
  ECA3006: 'The app is disabled.',
  ECA3007: 'The OAuth plugin of the app is off.',
  ECA3008: 'The app has no OAuth settings.',
  ECA3009: 'The token format of an installed app cannot be set from this org.',
  ECA3010: 'The app has no policies yet.',
  ECA3011: 'The app has no global OAuth settings, although other apps have.',
  ECA3012: 'The app has two components of one type.',
  ECA3013: 'The app cannot be imported.',

  // What a change means
  ECA3101: 'Notice: what JWT-based access tokens mean for the clients of an app.',
  ECA3102: 'Warning: the lifetimes of an installed app may not count.',
  ECA3103: 'Warning: guest timeouts have no effect yet.',
  ECA3104: 'Warning: the org kept a timeout that has no effect.',
  ECA3105: 'Warning: the org returned no certificate.',
  ECA3106: 'Warning: a field is no longer managed.',
  ECA3107: 'Warning: the lifetime for named users has no effect yet.',

  // Guards
  ECA4001: 'Refused by the guard lockOut.',
  ECA4002: 'Refused by the guard guestFlow.',
  ECA4003: 'Refused by the guard packagedApp.',
  ECA4004: 'Refused by the guard unreadCertificate.',
  ECA4005: 'Warning: whether the provider signs in with the app is not known.',

  // The org refuses
  ECA5001: 'The org refused a request or a deploy, for an unknown reason.',
  ECA5002: 'A retrieve failed.',
  ECA5003: 'The user lacks a permission.',
  ECA5004: 'The org or the user has no access to the API.',
  ECA5005: 'SOAP refuses JWT-based access tokens.',
  ECA5006: 'An element does not exist at this API version.',
  ECA5007: 'A value does not exist at this API version.',
  ECA5008: 'The policies have JWT settings while the app issues no JWT-based access tokens.',
  ECA5009: 'OAuth is not enabled for the app.',
  ECA5010: 'A type of component does not exist at this API version, or not for this user.',
  ECA5011: 'The org does not have the app that a component names.',
  ECA5012: 'The app already has a component of this type.',
  ECA5013: 'Another change holds the lock of the org.',
  ECA5014: 'A limit of API requests is reached.',
  ECA5015: 'The org asks to wait.',
  ECA5016: 'The org did not keep every deployed value.',
  ECA5017: 'Warning: a deploy failed, but the org has the values.',
  ECA5018: 'Warning: a change cannot be validated in advance.',

  // Waiting
  ECA6001: 'A deploy timed out.',
  ECA6002: 'A deploy that was sent earlier timed out.',
  ECA6003: 'A job did not report its end in time.',
  ECA6004: 'A retrieve timed out.',

  // Lost and half done
  ECA6101: 'The response to a deploy was lost.',
  ECA6102: 'The org could not be read after a deploy.',
  ECA6103: 'Only the first of two deploys was made.',
  ECA6104: 'The result of a deploy is not known.',
  ECA6105: 'Nothing was deployed.',

  // Other people's changes
  ECA7001: 'Somebody else keeps changing the same components.',
  ECA7002: "Warning: somebody else's change was replaced.",
  ECA7003: 'Warning: a value that was changed outside of the stack is restored.',

  // The commands
  ECA8001: 'The result of a command could not be written.',
  ECA8002: 'A folder cannot be opened.',
  ECA8003: 'No stack is selected.',
  ECA8004: 'There is no Pulumi CLI on PATH.',
  ECA8005: 'The Pulumi CLI refused a command.',
  ECA8006: 'The Pulumi CLI returned something that this release does not know.',
  ECA8007: 'The preview of the drift command ended without a summary.',
  ECA8008: 'The stack contains nothing that can be compared.',
  ECA8009: 'The state contains code that does not belong to this package.',
  ECA8010: 'Note: resources with code that does not belong to this package were not checked.',
  ECA8011: 'A signal stopped `drift` before the stack was compared.',
  ECA8012: 'The stack has several orgs, and the command reads one.',
  ECA8013: 'The settings of an explicit provider are not in the state yet.',
  ECA8101: 'Files that would be written already exist.',
  ECA8102: 'Another export is writing, or was killed.',
  ECA8103: 'The files could not be written.',
  ECA8104: 'The files could not be written, and the previous files could not be restored.',
  ECA8105: 'The dynamic provider has no programs in the language.',
  ECA8201: 'The app of --exempt does not exist.',
  ECA8301: 'No app is configured that should get a token.',
  ECA8302: 'The token and the settings belong to different orgs.',
  ECA8303: 'The app has another consumer key.',
  ECA8304: 'The consumer key is that of another app.',
  ECA8305: 'No app returns the consumer key.',
  ECA8401: 'The project or the configuration file of the stack was not found.',
  ECA8402: 'The configuration file cannot be changed.',
  ECA8403: 'A setting has different values in both namespaces.',
  ECA8404: 'The configuration file could not be written.',

  // Answers and files that are not used
  ECA9001: 'A response of the API is malformed.',
  ECA9002: 'The zip of a retrieve cannot be used.',
  ECA9003: 'The XML of a component cannot be used.',
  ECA9004: 'A change would touch more of a component than it should.',
  ECA9005: 'An unknown failure.',
  ECA9006: 'The folder that the provider processes of a run share cannot be used.',
} as const;

/** One of {@link errorCodes}. */
export type ErrorCode = keyof typeof errorCodes;
