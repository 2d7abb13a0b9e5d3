/** A time of an org, such as `2026-11-24T07:58:37.000Z`, without its milliseconds. */
export function wholeSeconds(time: string): string {
  return time.replace(/\.\d+Z?$/, 'Z');
}
