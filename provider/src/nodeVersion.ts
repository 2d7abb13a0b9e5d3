/** The oldest Node.js that runs this release, as in package.json. */
const oldest = [22, 19] as const;

/** Why a version of Node.js does not run this release; `undefined` if it does. No full stop at the end. */
export function objectionToNode(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1])
    ? undefined
    : `Node.js ${oldest.join('.')} or newer is required; this is ${version}`;
}
