/** The values of `sessionSettings/sessionTimeout` in the org's security settings, in minutes (documented). */
export const sessionTimeoutMinutes: ReadonlyMap<string, number> = new Map([
  ['FifteenMinutes', 15],
  ['ThirtyMinutes', 30],
  ['SixtyMinutes', 60],
  ['NinetyMinutes', 90],
  ['TwoHours', 120],
  ['FourHours', 240],
  ['EightHours', 480],
  ['TwelveHours', 720],
  ['TwentyFourHours', 1440],
]);

/** First API version with `NinetyMinutes` (documented). */
export const ninetyMinutesSince = 58;
