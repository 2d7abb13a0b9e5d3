/**
 * How a text names an org: an alias in quotes, an address without.
 *
 * @param org the alias or address of a report
 */
export function orgName(org: string): string {
  return URL.canParse(org) ? org : `"${org}"`;
}
