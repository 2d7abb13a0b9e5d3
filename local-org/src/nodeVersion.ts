/** Why a version of Node.js does not run this release, which needs `node:sqlite`; `undefined` if it does. */
export function objectionToNode(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const runs = major > 23 || (major === 23 && minor >= 4) || (major === 22 && minor >= 13);
  return runs ? undefined : `Node.js 22.13 or newer (of 23: 23.4 or newer) is required; this is ${version}`;
}
